import type { Icon } from '@tabler/icons-react';
import type { Texts } from './locales/texts.ts';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { Run } from '../contract/run.ts';
import type { PageEntry } from './page-entry.ts';

/** What a capability brings to the pages: it lies in its folder's `web/`, and `capabilities.ts` lists it. */
export interface WebCapability {
  /** As runs name it. */
  readonly name: string;
  readonly icon: Icon;
  /** A run of it, in a list: "Execution". */
  readonly kind: (t: Texts) => string;
  /** Agents speak in its runs: the run page shows their conversation first. */
  readonly converses?: boolean;
  readonly pages: readonly PageEntry[];
  /** Its place in the sidebar's Work group and in the palette. */
  readonly nav?: {
    readonly path: string;
    readonly label: (t: Texts) => string;
    /** After G, the key that goes there. */
    readonly key: string;
    /** What starting one is called: "Run code". */
    readonly start: (t: Texts) => string;
    /** After N, the key that starts one. */
    readonly newKey: string;
    /** One sentence: what it is good for. */
    readonly about?: (t: Texts) => string;
  };
  /** Its part of the start page: the short way to a run. */
  readonly StartBox?: LazyExoticComponent<ComponentType>;
  /** The texts in which two of its runs are compared, by name; input and output as JSON unless given. */
  readonly comparable?: (run: Run) => Readonly<Record<string, string>>;
  /** A dialog that acts on all the runs that a filter means; what events are looked through by can be acted on by it. */
  readonly ActOnRuns?: LazyExoticComponent<
    ComponentType<{ filter: Readonly<Record<string, unknown>>; onClose: () => void }>
  >;
  /** Its part of the run page: what came of the run. */
  readonly RunResult?: LazyExoticComponent<ComponentType<{ run: Run }>>;
}
