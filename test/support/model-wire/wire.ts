/** A reply as the tests write it; each protocol has its own form of it. */
export interface ServedReply {
  readonly reasoning?: string;
  /** What the provider wants to see again with the reasoning. */
  readonly signature?: string;
  readonly text?: string;
  readonly calls?: readonly { readonly tool: string; readonly input: unknown }[];
  readonly refusal?: string;
  readonly finish?: 'stop' | 'length' | 'filtered';
  readonly usage?: {
    readonly input: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    readonly output: number;
    readonly reasoning: number;
  } | null;
}

/** The ways in which providers say no. */
export type ServedError = 'key' | 'model' | 'rate' | 'overloaded' | 'too-long' | 'no-money' | 'bad-request';

export interface ErrorAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** How one provider writes. */
export interface Wire {
  /** The server-sent events of a reply, each with its blank line. */
  frames(reply: ServedReply, model: string): readonly string[];
  /** An error in the provider's words, which quote the key as rudely as any server could. */
  error(kind: ServedError, model: string, key: string): ErrorAnswer;
  /** An error in the middle of a stream. */
  errorFrame(): string;
}

const someUsage = { input: 100, cacheRead: 40, cacheWrite: 10, output: 30, reasoning: 12 } as const;

export function usageOf(reply: ServedReply) {
  return reply.usage === undefined ? someUsage : reply.usage;
}

const piece = 12;

/** A text in pieces, as models send it; large ones in larger pieces. */
export function piecesOf(text: string): string[] {
  const letters = [...text];
  const size = Math.max(piece, Math.ceil(letters.length / 200));
  const pieces: string[] = [];
  for (let at = 0; at < letters.length; at += size) pieces.push(letters.slice(at, at + size).join(''));
  return pieces;
}

/** An input that is a text is sent as it is: what a model wrote that is no JSON. */
export function inputText(input: unknown): string {
  return typeof input === 'string' ? input : JSON.stringify(input);
}

export function event(data: unknown, name?: string): string {
  return `${name ? `event: ${name}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}
