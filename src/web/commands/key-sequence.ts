/** What of a key press matters; a `KeyboardEvent` is one. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const patienceMs = 1200;
const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock']);

/** `Mod+k`, `Shift+X`, `?`: a press as commands write it; undefined for a modifier alone. */
export function nameOf(press: KeyPress): string | undefined {
  if (modifiers.has(press.key)) return undefined;
  const letter = /^[a-z]$/i.test(press.key);
  const key =
    letter && !press.shiftKey ? press.key.toLowerCase() : letter ? press.key.toUpperCase() : press.key;
  // A sign such as "?" needs Shift on some keyboards and not on others.
  const shift = press.shiftKey && (letter || press.key.length > 1);
  const parts = [
    press.ctrlKey || press.metaKey ? 'Mod' : '',
    press.altKey ? 'Alt' : '',
    shift ? 'Shift' : '',
  ];
  return [...parts.filter(Boolean), key].join('+');
}

/** Remembers presses until they make one of the sequences, or lead nowhere, or the person pauses. */
export function createSequence() {
  let pressed: string[] = [];
  let last = 0;
  return {
    /** The sequence that this press completes, of those given; `pending` when it could still become one. */
    press(name: string, at: number, known: readonly string[]): { match?: string; pending: boolean } {
      if (at - last > patienceMs) pressed = [];
      last = at;
      for (const typed of [[...pressed, name], [name]]) {
        const text = typed.join(' ');
        if (known.includes(text)) {
          pressed = [];
          return { match: text, pending: false };
        }
        if (known.some((each) => each.startsWith(`${text} `))) {
          pressed = typed;
          return { pending: true };
        }
      }
      pressed = [];
      return { pending: false };
    },
  };
}
