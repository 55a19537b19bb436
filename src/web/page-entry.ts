import type { ComponentType } from 'react';

/** A page as data: where it is, what loads it, and who may open it. */
export interface PageEntry {
  /** `/runs/$runId`: `$name` is a parameter. */
  readonly path: string;
  /** Every page is loaded when it is first opened. */
  load(): Promise<{ default: ComponentType }>;
  /** Others are told so instead; everyone who is signed in may open it unless given. */
  readonly role?: 'admin';
  /** Without the shell and without being signed in: sign-in, first run, invitations. */
  readonly bare?: true;
}
