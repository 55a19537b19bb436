import type { StepContext } from '../kernel/context.ts';
import type { ModelPart } from '../resources/ports/model.ts';

type Kind = 'text' | 'reasoning';

/** What a model says, on its way to whoever follows. */
export interface Said {
  readonly add: (delta: { readonly kind: Kind; readonly text: string }) => void;
  /** What was said so far counts no more. */
  readonly restart: () => void;
  /** The reply is whole: what was shown is put right where it differs, as after a call that had to be made again. */
  end(parts: readonly ModelPart[]): void;
  stop(): void;
}

/** Each piece is stored and spread: ten a second read as fluently, and cost half of what twenty do. */
const gatherMs = 100;
/** So much of one reply is shown. */
const mostShown = 100_000;

/** Hands on what a model says in pieces of some milliseconds, not token by token. */
export function openSaid(step: StepContext, agent: string, turn: number): Said {
  const shown = { text: '', reasoning: '' };
  let gathered: { kind: Kind; text: string }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isFirst = true;
  const emit = (kind: Kind, text: string) => {
    const again = isFirst ? { again: true } : {};
    isFirst = false;
    step.emit({ type: 'said', data: { agent, turn, kind, text, ...again } });
  };
  const passOn = () => {
    clearTimeout(timer);
    timer = undefined;
    for (const { kind, text } of gathered) emit(kind, text);
    gathered = [];
  };
  const add: Said['add'] = ({ kind, text }) => {
    const piece = text.slice(0, Math.max(0, mostShown - shown[kind].length)).toWellFormed();
    if (piece === '') return;
    shown[kind] += piece;
    const last = gathered.at(-1);
    if (last?.kind === kind) last.text += piece;
    else gathered.push({ kind, text: piece });
    timer ??= setTimeout(passOn, gatherMs);
  };
  const restart = () => {
    gathered = [];
    isFirst = true;
    Object.assign(shown, { text: '', reasoning: '' });
  };
  return {
    add,
    restart,
    end(parts) {
      const whole = { text: joined(parts, 'text'), reasoning: joined(parts, 'reasoning') };
      if (whole.text !== shown.text || whole.reasoning !== shown.reasoning) {
        restart();
        for (const kind of ['reasoning', 'text'] as const) add({ kind, text: whole[kind] });
      }
      passOn();
    },
    stop: passOn,
  };
}

function joined(parts: readonly ModelPart[], kind: Kind): string {
  const texts = parts.flatMap((part) => (part.kind === kind ? [part.text] : []));
  return texts.join('').slice(0, mostShown).toWellFormed();
}
