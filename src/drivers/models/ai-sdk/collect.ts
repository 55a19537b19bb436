import { randomUUID } from 'node:crypto';
import { GantryError } from '../../../base/errors.ts';
import type {
  ModelFinish,
  ModelPart,
  ModelReply,
  ModelRequest,
  ModelTokens,
} from '../../../resources/ports/model.ts';
import { tooLarge } from './guarded-fetch.ts';
import type { StreamPart } from './language-model.ts';
import { withDetails } from './reasoning-details.ts';

const mostCharacters = 4 * 1024 ** 2;
const charactersPerToken = 4;

type Finished = Extract<StreamPart, { type: 'finish' }>;
type Metadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A part of the reply while it arrives. */
interface Draft {
  readonly kind: 'text' | 'reasoning';
  text: string;
  note: Metadata;
}

export interface CollectOptions {
  readonly provider: string;
  readonly name: string;
  readonly request: ModelRequest;
  /** Makes the error of what the provider sent in place of a reply. */
  readonly failure: (thrown: unknown) => unknown;
}

/** Puts a reply together from its pieces, and hands the words on as they come. */
export async function collect(
  stream: ReadableStream<StreamPart>,
  { provider, name, request, failure }: CollectOptions,
): Promise<ModelReply> {
  const parts: (Draft | Extract<ModelPart, { kind: 'tool-call' }>)[] = [];
  const drafts = new Map<string, Draft>();
  let finished: Finished | undefined;
  let answeredBy = name;
  let size = 0;
  const count = (text: string) => {
    size += text.length;
    if (size > mostCharacters) throw tooLarge(provider);
  };

  for await (const piece of stream) {
    switch (piece.type) {
      case 'text-start':
      case 'reasoning-start': {
        const kind = piece.type === 'text-start' ? 'text' : 'reasoning';
        const draft: Draft = { kind, text: '', note: piece.providerMetadata ?? {} };
        drafts.set(`${kind} ${piece.id}`, draft);
        parts.push(draft);
        break;
      }
      case 'text-delta':
      case 'reasoning-delta': {
        const kind = piece.type === 'text-delta' ? 'text' : 'reasoning';
        count(piece.delta);
        note(drafts.get(`${kind} ${piece.id}`), piece.delta, piece.providerMetadata);
        if (piece.delta) request.onDelta?.({ kind, text: piece.delta });
        break;
      }
      case 'text-end':
      case 'reasoning-end': {
        const kind = piece.type === 'text-end' ? 'text' : 'reasoning';
        note(drafts.get(`${kind} ${piece.id}`), '', piece.providerMetadata);
        break;
      }
      case 'tool-input-delta':
        count(piece.delta);
        break;
      case 'tool-call':
        parts.push(withOwnId(callOf(piece), parts));
        break;
      case 'response-metadata':
        answeredBy = piece.modelId ?? answeredBy;
        break;
      case 'finish':
        finished = piece;
        break;
      case 'error':
        throw failure(piece.error);
    }
  }
  return replyOf(parts.map(partOf).filter(isSaid), finished, { provider, request, answeredBy });
}

function note(draft: Draft | undefined, text: string, metadata: Metadata | undefined): void {
  if (!draft) return;
  draft.text += text;
  for (const [owner, facts] of Object.entries(metadata ?? {})) {
    draft.note = { ...draft.note, [owner]: { ...draft.note[owner], ...facts } };
  }
}

function callOf(
  piece: Extract<StreamPart, { type: 'tool-call' }>,
): Extract<ModelPart, { kind: 'tool-call' }> {
  return {
    kind: 'tool-call',
    callId: piece.toolCallId,
    tool: piece.toolName,
    input: inputOf(piece.input),
    ...(piece.providerMetadata && { note: piece.providerMetadata }),
  };
}

const longestId = 200;

/** Answers find their call by its id, and providers refuse a conversation in which two have the same. */
function withOwnId<Call extends { readonly callId: string }>(call: Call, others: readonly object[]): Call {
  const { callId } = call;
  const isTaken = others.some((other) => 'callId' in other && other.callId === callId);
  const isGood = callId !== '' && callId.length <= longestId && !isTaken;
  return isGood ? call : { ...call, callId: `call-${randomUUID()}` };
}

/* Nested deeper, it could be neither written down nor sent again: both recurse. It then counts as no JSON. */
const deepestInput = 100;

function inputOf(text: string): unknown {
  if (text.trim() === '') return {};
  if (isDeeper(text, deepestInput)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length && depth <= most; at += 1) {
    const mark = text[at];
    if (quoted && mark === '\\') at += 1;
    else if (mark === '"') quoted = !quoted;
    else if (!quoted && (mark === '{' || mark === '[')) depth += 1;
    else if (!quoted && (mark === '}' || mark === ']')) depth -= 1;
  }
  return depth > most;
}

function partOf(part: Draft | Extract<ModelPart, { kind: 'tool-call' }>): ModelPart {
  if (part.kind === 'tool-call') return part;
  const { kind, text, note } = part;
  return Object.keys(note).length > 0 ? { kind, text, note } : { kind, text };
}

/** An empty part is nothing, unless its note has to go back. */
function isSaid(part: ModelPart): boolean {
  return (
    part.kind === 'tool-call' || part.text !== '' || (part.kind === 'reasoning' && part.note !== undefined)
  );
}

function replyOf(
  parts: readonly ModelPart[],
  finished: Finished | undefined,
  { provider, request, answeredBy }: { provider: string; request: ModelRequest; answeredBy: string },
): ModelReply {
  const why = finished?.finishReason.unified;
  if (!finished || why === 'interrupted') {
    throw new GantryError('MODEL_UNAVAILABLE', `${provider} stopped in the middle of a reply.`);
  }
  if (why === 'error') {
    throw new GantryError(
      'MODEL_REPLY_INVALID',
      `${provider} ended a reply with an error (${finished.finishReason.raw ?? 'unnamed'}).`,
    );
  }
  return {
    parts: withDetails(parts, finished.providerMetadata),
    finish: finishOf(why, parts),
    tokens: tokensOf(finished.usage, parts, request),
    answeredBy,
  };
}

function finishOf(
  why: Finished['finishReason']['unified'] | undefined,
  parts: readonly ModelPart[],
): ModelFinish {
  switch (why) {
    case 'length':
      return 'length';
    case 'content-filter':
      return 'refused';
    case 'stop':
    case 'tool-calls':
      // Some servers say "stop" although the reply calls tools.
      return parts.some(({ kind }) => kind === 'tool-call') ? 'tool-calls' : 'stop';
    default:
      return 'other';
  }
}

/** What the provider counted. Where it says nothing, by length, so that budgets hold all the same. */
function tokensOf(
  { inputTokens, outputTokens }: Finished['usage'],
  parts: readonly ModelPart[],
  { messages, tools }: ModelRequest,
): ModelTokens {
  return {
    input: inputTokens.total ?? guess([messages, tools ?? []]),
    cacheRead: inputTokens.cacheRead ?? 0,
    cacheWrite: inputTokens.cacheWrite ?? 0,
    output: outputTokens.total ?? guess(parts),
  };
}

function guess(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / charactersPerToken);
}
