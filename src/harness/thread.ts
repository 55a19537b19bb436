import type { RunContext } from '../kernel/context.ts';
import type { ModelInfo, Payer } from '../resources/gateway/gateway.ts';
import type { ModelMessage, ModelPart } from '../resources/ports/model.ts';
import type { WorkspaceState } from '../resources/workspace/workspace.ts';
import type { AdviceFile } from './advice.ts';
import type { AgentLimits, AgentRequest, Tool } from './agent.ts';

/** A tool call as the model made it. */
export type CallPart = Extract<ModelPart, { kind: 'tool-call' }>;

/** What an agent begins with, recorded by its first step. */
export interface Beginning {
  readonly info: ModelInfo;
  readonly advice: readonly AdviceFile[];
  readonly nonce: string;
}

/**
 * All that an agent is at a moment: folded from its recorded steps, so that a replay makes the same of them. Changed in
 * place by the parts of the loop.
 */
export interface Thread {
  readonly ctx: RunContext;
  readonly request: AgentRequest;
  readonly name: string;
  readonly tools: readonly Tool[];
  readonly limits: AgentLimits;
  readonly beginning: Beginning;
  readonly payer: Payer;
  messages: ModelMessage[];
  state: WorkspaceState;
  /** Calls of the model that were answered, whatever for. */
  calls: number;
  turns: number;
  activeMs: number;
  tokens: number;
  /** The last thing it said. */
  text: string;
  /** Number of the last message of a person that it has heard. */
  heard: number;
  /** What people wrote while it worked, kept when the conversation is cut down. */
  readonly told: string[];
  plan: readonly { readonly text: string; readonly status: string }[];
  readonly touched: Set<string>;
  readonly advised: Set<string>;
  /** Tokens of the last conversation that was counted, and its characters. */
  measured: { readonly tokens: number; readonly characters: number } | null;
  /** Turns in a row that made no sense. */
  corrections: number;
  readonly failures: Map<string, number>;
  /** What was called and what it answered, as short fingerprints in order. */
  readonly fingerprints: string[];
  /** Tools that need not be asked about any more. */
  readonly allowed: Set<string>;
}

/** The name of a step or question of this agent. */
export function nameOf({ name }: Pick<Thread, 'name'>, what: string): string {
  return name === soleAgent ? what : `${name}.${what}`;
}

/** The name of an agent that is alone in its run. */
export const soleAgent = 'agent';

/** Adds words of the harness itself, or of a person. */
export function say(thread: Thread, text: string): void {
  thread.messages.push({ role: 'user', text });
}
