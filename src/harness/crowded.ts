import type { ModelMessage } from '../resources/ports/model.ts';
import { shorten } from './shorten.ts';
import { outputTokens } from './limits.ts';
import type { Thread } from './thread.ts';

const fullAt = 0.85;
const roomAgain = 0.6;
/** Where no reply has told better. */
const charactersPerToken = 3.5;

/** Whether a conversation is near what the model takes, and what is to be done about it; null while there is room. */
export function crowded(
  thread: Pick<Thread, 'measured' | 'beginning'>,
  messages: readonly ModelMessage[],
): 'shorten' | 'summarise' | null {
  const { contextTokens, maxOutputTokens } = thread.beginning.info;
  const room = Math.max(1, contextTokens - outputTokens(maxOutputTokens));
  if (tokensOf(thread, messages) <= room * fullAt) return null;
  return tokensOf(thread, shorten(messages)) <= room * roomAgain ? 'shorten' : 'summarise';
}

/** By what the last counted conversation had per character. */
function tokensOf({ measured }: Pick<Thread, 'measured'>, messages: readonly ModelMessage[]): number {
  const perCharacter = measured ? measured.tokens / Math.max(1, measured.characters) : 1 / charactersPerToken;
  return charactersOf(messages) * perCharacter;
}

/** How long a conversation is, in characters. */
export function charactersOf(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + lengthOf(message), 0);
}

/* A message is never changed, and is counted again at each turn. */
const lengths = new WeakMap<ModelMessage, number>();

function lengthOf(message: ModelMessage): number {
  if (message.role !== 'assistant') return message.text.length;
  const known = lengths.get(message);
  if (known !== undefined) return known;
  const length = message.parts.reduce(
    (sum, part) =>
      sum + (part.kind === 'tool-call' ? (JSON.stringify(part.input) ?? '').length + 40 : part.text.length),
    0,
  );
  lengths.set(message, length);
  return length;
}
