import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../../../base/errors.ts';
import type {
  Model,
  ModelMessage,
  ModelPart,
  ModelReply,
  ModelRequest,
} from '../../../resources/ports/model.ts';
import { expectHeard } from './expect.ts';
import { fillIn } from './fill-in.ts';
import { readScript } from './read-script.ts';
import type { FailedTurn, Script, ScriptText, SpokenTurn, Turns } from './script.ts';

const leastPiece = 24;
const mostPieces = 50;
const charactersPerToken = 4;

/**
 * How often each conversation has met the errors before its turn. By the messages themselves, because a call that is
 * tried again brings the same ones, and the next call others.
 */
const failures = new WeakMap<readonly ModelMessage[], Map<FailedTurn, number>>();

/** A model that says what its script has for each turn. `script` is a file's text or its data; see docs/scripted-models.md. */
export function openScripted(name: string, script: unknown): Model {
  const read = readScript(script);
  return {
    provider: 'scripted',
    name,
    complete: async (request) => {
      request.signal.throwIfAborted();
      const turns = turnsOf(read, request.agent ?? '');
      const { errors, turn } = turnAt(turns, request.turn);
      for (const error of errors) await failOnce(error, request);
      return speak(turn ?? atEnd(turns, request.turn), request, name);
    },
  };
}

/** Those of the agent: by its whole name, else by the longest of its first words that there are turns for. */
function turnsOf({ turns, agents = {} }: Script, agent: string): Turns {
  const words = agent.split(' ');
  for (let count = words.length; count > 0; count -= 1) {
    const found = agents[words.slice(0, count).join(' ')];
    if (found) return found.turns;
  }
  if (turns) return turns;
  throw new GantryError(
    'MODEL_REPLY_INVALID',
    `The script of the model has no turns for the agent "${agent}"; it has some for ${Object.keys(agents).join(', ')}.`,
  );
}

/** The turn of that number, and the errors that stand before it. */
function turnAt(
  turns: Turns,
  number: number,
): { readonly errors: readonly FailedTurn[]; readonly turn: SpokenTurn | undefined } {
  let errors: FailedTurn[] = [];
  let left = number;
  for (const turn of turns) {
    if ('error' in turn) {
      errors.push(turn);
      continue;
    }
    if (turn.repeat === 'forever' || left < turn.repeat) return { errors: left === 0 ? errors : [], turn };
    left -= turn.repeat;
    errors = [];
  }
  return { errors: left === 0 ? errors : [], turn: undefined };
}

async function failOnce(turn: FailedTurn, { messages, signal }: ModelRequest): Promise<void> {
  const met = failures.get(messages) ?? new Map<FailedTurn, number>();
  const times = met.get(turn) ?? 0;
  if (turn.times !== 'forever' && times >= turn.times) return;
  failures.set(messages, met.set(turn, times + 1));
  await wait(turn.delayMs, signal);
  throw new GantryError(
    turn.error,
    turn.message ?? `The script of the model has ${turn.error} here.`,
    turn.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: turn.retryAfterSeconds },
  );
}

function atEnd(turns: Turns, number: number): never {
  throw new GantryError(
    'MODEL_REPLY_INVALID',
    `The script of the model is at its end: call ${number + 1} was made, and the script has ` +
      `${turns.length} turns. Add a turn, or give the last one "repeat: forever".`,
  );
}

async function speak(turn: SpokenTurn, request: ModelRequest, name: string): Promise<ModelReply> {
  const heard = lastHeard(request.messages);
  expectHeard(turn, heard, request.turn + 1);
  const last = heard.at(-1) ?? '';
  const parts: ModelPart[] = [];
  if (turn.reasoning !== undefined) {
    parts.push({ kind: 'reasoning', text: textOf(turn.reasoning, last), note: { turn: request.turn } });
  }
  const text = turn.json === undefined ? turn.text : JSON.stringify(fillIn(turn.json, last));
  if (text !== undefined) {
    parts.push({ kind: 'text', text: turn.json === undefined ? textOf(text, last) : String(text) });
  }
  for (const [index, { tool, input }] of (turn.calls ?? []).entries()) {
    parts.push({
      kind: 'tool-call',
      callId: `call-${request.turn}-${index}`,
      tool,
      input: fillIn(input, last),
    });
  }
  await deliver(parts, turn.delayMs, request);
  return {
    parts,
    finish: turn.finish ?? (turn.calls ? 'tool-calls' : 'stop'),
    tokens: {
      input: turn.tokens?.input ?? tokensOf([request.messages, request.tools ?? []]),
      cacheRead: turn.tokens?.cacheRead ?? 0,
      cacheWrite: turn.tokens?.cacheWrite ?? 0,
      output: turn.tokens?.output ?? tokensOf(parts),
    },
    answeredBy: name ? `scripted:${name}` : 'scripted',
  };
}

/** What was said to the model since it spoke last. */
function lastHeard(messages: readonly ModelMessage[]): readonly string[] {
  const spoke = messages.findLastIndex(({ role }) => role === 'assistant');
  return messages
    .slice(spoke + 1)
    .flatMap((message) => (message.role === 'user' || message.role === 'tool' ? [message.text] : []));
}

function textOf(text: ScriptText, last: string): string {
  return typeof text === 'string' ? String(fillIn(text, last)) : text.repeat.repeat(text.count);
}

/** Hands the words on in pieces, spread over `delayMs`. */
async function deliver(
  parts: readonly ModelPart[],
  delayMs: number,
  { signal, onDelta }: ModelRequest,
): Promise<void> {
  const spoken = parts.flatMap((part) => (part.kind === 'tool-call' ? [] : piecesOf(part)));
  if (spoken.length === 0) await wait(delayMs, signal);
  for (const piece of spoken) {
    await wait(delayMs / spoken.length, signal);
    onDelta?.(piece);
  }
}

function piecesOf({ kind, text }: Extract<ModelPart, { kind: 'text' | 'reasoning' }>) {
  const letters = [...text];
  const size = Math.max(leastPiece, Math.ceil(letters.length / mostPieces));
  const pieces: { kind: 'text' | 'reasoning'; text: string }[] = [];
  for (let at = 0; at < letters.length; at += size) {
    pieces.push({ kind, text: letters.slice(at, at + size).join('') });
  }
  return pieces;
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms === 0) return;
  await pause(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

function tokensOf(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / charactersPerToken);
}
