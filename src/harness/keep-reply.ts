import type { ModelAnswer } from '../resources/gateway/gateway.ts';
import type { ModelFinish, ModelPart, ModelTokens } from '../resources/ports/model.ts';

/** What is kept of a reply: small enough to be stored and sent again. */
export interface KeptReply {
  readonly parts: readonly ModelPart[];
  readonly finish: ModelFinish;
  readonly tokens: ModelTokens;
  readonly usd: number | null;
  readonly durationMs: number;
  /** What was wrong with the reply as a whole, in words for the model; null when nothing was. */
  readonly problem: string | null;
  /** Calls whose input was too large to be kept. */
  readonly oversized: readonly string[];
}

/** Longest text of a reply that makes sense to anyone, in characters. */
const longestReply = 60_000;
/** A call may write a whole file. */
const longestInput = 400_000;
const mostCalls = 30;

/** Cuts what is far too much, and says so. */
export function keepReply(reply: ModelAnswer): KeptReply {
  const oversized: string[] = [];
  let room = longestReply;
  let said = 0;
  let calls = 0;
  const parts = reply.parts.flatMap((part): ModelPart[] => {
    if (part.kind === 'tool-call') {
      calls += 1;
      if (calls > mostCalls) return [];
      if ((JSON.stringify(part.input) ?? '').length <= longestInput) return [part];
      oversized.push(part.callId);
      return [{ ...part, input: {} }];
    }
    said += part.text.length;
    const text = part.text.length <= room ? part.text : part.text.slice(0, room).toWellFormed();
    room -= text.length;
    if (text === part.text) return [part];
    // A note vouches for the whole text only.
    return text === '' || part.kind === 'reasoning' ? [] : [{ kind: part.kind, text }];
  });
  const { finish, tokens, usd, durationMs } = reply;
  return { parts, finish, tokens, usd, durationMs, problem: problemOf(said, calls), oversized };
}

function problemOf(said: number, calls: number): string | null {
  if (said > longestReply)
    return `Your reply had ${said} characters; only the first ${longestReply} were kept. Say it in far fewer.`;
  if (calls > mostCalls)
    return `You made ${calls} calls at once; only the first ${mostCalls} were made. Make fewer at a time.`;
  return null;
}
