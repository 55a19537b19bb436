import type { Span } from '../../base/ansi.ts';

/** A piece of a line in one style; `marked` where it was searched for. */
export interface MarkedSpan extends Span {
  readonly marked?: true;
}
