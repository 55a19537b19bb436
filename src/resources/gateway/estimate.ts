import type { ModelReply, ModelRequest } from '../ports/model.ts';

/** What was sent last in a conversation, and how many tokens the provider counted for it. */
export interface Counted {
  readonly bytes: number;
  readonly tokens: number;
}

const bytesPerToken = 3;
const perMessage = 16;
const perRequest = 64;
/** What providers put in front of tools. */
const perTools = 512;

/** Bytes of all that a request sends, as JSON. */
export function bytesOf({ messages, tools = [], outputSchema }: ModelRequest): number {
  const parts = [...messages, ...tools, ...(outputSchema ? [outputSchema] : [])];
  return parts.reduce((sum, part) => sum + bytesOfPart(part), parts.length);
}

/* A message is never changed, and a conversation sends it at each turn again. */
const measured = new WeakMap<object, number>();

function bytesOfPart(part: object): number {
  const known = measured.get(part);
  if (known !== undefined) return known;
  const bytes = Buffer.byteLength(JSON.stringify(part));
  measured.set(part, bytes);
  return bytes;
}

/**
 * How many tokens a request may have at most: what the provider counted last plus what is new, else all of it, at three
 * bytes a token. Text of most languages has four and more.
 */
export function inputAtMost(request: ModelRequest, bytes: number, last: Counted | undefined): number {
  const { messages, tools } = request;
  const whole = perRequest + messages.length * perMessage + (tools?.length ? perTools : 0);
  if (last === undefined || bytes < last.bytes) return whole + Math.ceil(bytes / bytesPerToken);
  return last.tokens + whole + Math.ceil((bytes - last.bytes) / bytesPerToken);
}

/** Tokens of a reply whose provider did not count them. */
export function outputAtMost({ parts }: ModelReply): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(parts)) / bytesPerToken);
}

export interface Counts {
  get(conversation: string): Counted | undefined;
  set(conversation: string, counted: Counted): void;
}

/** Remembers counts per conversation, those used last, in this process; without one the estimate is only less exact. */
export function createCounts(most = 2000): Counts {
  const counts = new Map<string, Counted>();
  return {
    get: (key: string) => counts.get(key),
    set: (key: string, counted: Counted) => {
      counts.delete(key);
      counts.set(key, counted);
      const [oldest] = counts.keys();
      if (counts.size > most && oldest !== undefined) counts.delete(oldest);
    },
  };
}
