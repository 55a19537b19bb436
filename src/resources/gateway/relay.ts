import type { ModelPart, ModelRequest } from '../ports/model.ts';
import type { ModelCall } from './gateway.ts';

/** Passes pieces on, and says when those of a try that failed don't count. */
export interface Relay {
  readonly onDelta: NonNullable<ModelRequest['onDelta']>;
  /** The next try begins. */
  restart(): void;
  /** Gives a whole answer at once, for one that nobody had to wait for. */
  replay(parts: readonly ModelPart[]): void;
}

export function createRelay({ onDelta, onRestart }: Pick<ModelCall, 'onDelta' | 'onRestart'>): Relay {
  let given = false;
  const pass: Relay['onDelta'] = (delta) => {
    given = true;
    onDelta?.(delta);
  };
  return {
    onDelta: pass,
    restart: () => {
      if (given) onRestart?.();
      given = false;
    },
    replay: (parts) => {
      for (const part of parts) if (part.kind !== 'tool-call') pass({ kind: part.kind, text: part.text });
    },
  };
}
