/**
 * The model port: one call of a language model, in one shape for all providers. The gateway calls it;
 * `drivers/models/*` implement it. A driver neither retries nor counts money: it calls, and says what came of it.
 */

import type { ModelEffort } from '../../contract/model.ts';

/** What a driver needs handed back with the message in which it came, such as a signature; JSON, opaque to all others. */
export type ProviderNote = Readonly<Record<string, unknown>>;

export type ModelPart =
  | { readonly kind: 'text'; readonly text: string; readonly note?: ProviderNote }
  | { readonly kind: 'reasoning'; readonly text: string; readonly note?: ProviderNote }
  | {
      readonly kind: 'tool-call';
      readonly callId: string;
      readonly tool: string;
      /** As the model wrote it: JSON, not yet checked against the tool's schema; the raw text when it is no JSON. */
      readonly input: unknown;
      readonly note?: ProviderNote;
    };

export type ModelMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly parts: readonly ModelPart[] }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly tool: string;
      readonly text: string;
      readonly failed: boolean;
    };

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly ModelTool[];
  readonly toolChoice?: 'auto' | 'none' | 'required';
  /** Asks for one JSON value of this schema in place of free text; it comes as the reply's text. */
  readonly outputSchema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  readonly maxOutputTokens: number;
  readonly temperature?: number;
  /** How much it should think; left out, its provider decides. Counts within `maxOutputTokens`. */
  readonly effort?: ModelEffort;
  /** Who asks, for drivers that follow a script: `writer 2.1`. */
  readonly agent?: string;
  /** How many calls of the same conversation came before, for drivers that follow a script. */
  readonly turn: number;
  readonly signal: AbortSignal;
  /** Called with each piece as it arrives; the reply holds the whole. */
  readonly onDelta?: (delta: { readonly kind: 'text' | 'reasoning'; readonly text: string }) => void;
}

/** Tokens as the provider counts them. `input` includes what was read from and written to the provider's own cache. */
export interface ModelTokens {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Includes reasoning. */
  readonly output: number;
}

/** `refused`: the model or its provider declined. `length`: the reply was cut at `maxOutputTokens`. */
export type ModelFinish = 'stop' | 'tool-calls' | 'length' | 'refused' | 'other';

export interface ModelReply {
  readonly parts: readonly ModelPart[];
  readonly finish: ModelFinish;
  readonly tokens: ModelTokens;
  /** The name by which the provider says it answered. */
  readonly answeredBy: string;
}

/**
 * One model at one place. Throws GantryError: MODEL_KEY_REFUSED, MODEL_UNKNOWN, MODEL_RATE_LIMITED (with
 * `retryAfterSeconds` when told), MODEL_UNAVAILABLE (no answer, 5xx), MODEL_TOO_LONG (the messages don't fit),
 * MODEL_REPLY_INVALID (not what the protocol says). No message of an error holds the key. When `signal` is aborted it
 * rejects with the signal's reason.
 */
export interface Model {
  readonly provider: string;
  readonly name: string;
  complete(request: ModelRequest): Promise<ModelReply>;
}

/** Where a provider is reached, and as whom. */
export interface ModelAccess {
  readonly baseUrl?: string;
  readonly apiKey?: string;
  /** Whoever gives it watches over time: a driver waits as long as it does. */
  readonly fetch: typeof globalThis.fetch;
}
