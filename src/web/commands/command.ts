import type { Icon } from '@tabler/icons-react';

/** Something a person can do: the palette lists it, and its keys do it. Pages add theirs while they are shown. */
export interface Command {
  readonly id: string;
  /** `here` is what the present page offers, and comes first. */
  readonly group: 'here' | 'do' | 'goto' | 'settings';
  /** Verb first: "Cancel run". */
  readonly label: string;
  /** What it acts on, dimmed. */
  readonly object?: string;
  readonly icon?: Icon;
  /** Keys one after another, as `KeyboardEvent.key` names them: `g r`, `?`, `Shift+X`, `Mod+k` (Command or Ctrl). */
  readonly keys?: string;
  /** Only keys and the list of keys, not the palette: for moving about. */
  readonly hidden?: boolean;
  run(): void;
}
