import type { ZodType, z } from 'zod';
import type { EventBody } from '../contract/event.ts';
import type { Ask, GivenAnswer } from '../contract/question.ts';
import type { Run, RunStatus, Usage } from '../contract/run.ts';
import type { Logger } from '../base/logger.ts';
import type { Message } from './messages.ts';
import type { RunsOnBehalf } from './on-behalf.ts';

/** What a story may emit itself; the kernel writes all other events. */
export type StoryEvent = Extract<
  EventBody,
  {
    type:
      | 'output'
      | 'log'
      | 'progress'
      | 'usage'
      | 'workspace'
      | 'egress'
      | 'said'
      | 'model'
      | 'tool.called'
      | 'tool.answered'
      | 'plan'
      | 'told'
      | 'state';
  }
>;

export interface RetryPolicy {
  /** Tries in all; 1 means no retry. */
  readonly attempts: number;
  /** Pause before the second try, in milliseconds; doubled for each further one, up to `maxDelayMs`. */
  readonly delayMs: number;
  readonly maxDelayMs?: number;
}

export interface StepOptions<T> {
  /** Only errors whose outlook is "retry" are tried again. Without a policy a step is tried once. */
  readonly retry?: RetryPolicy;
  /** Undoes the step when the run later fails or is cancelled; latest step first. */
  readonly compensate?: (output: T) => Promise<void>;
}

/** Which try of which step somebody is: what they store for the run outside of the kernel is fenced by this. */
export interface StepOwner {
  readonly runId: string;
  readonly step: string;
  readonly ordinal: number;
  readonly claim: number;
  readonly workerId: string | null;
}

export interface StepContext {
  /** Aborted when the run is cancelled or its worker has to let go of it. */
  readonly signal: AbortSignal;
  /** 1 at the first try. */
  readonly attempt: number;
  /** The same at every try and on every worker: for outside effects that must happen once. */
  readonly idempotencyKey: string;
  readonly owner: StepOwner;
  readonly log: Logger;
  /** Followers see it within milliseconds; stored at the latest together with the step. */
  emit(event: StoryEvent): void;
  /**
   * What is sent to the run under this name: all from the run's start in order, then live, until the step ends. A step
   * that is tried again hears all of it again.
   */
  messages(name: string): AsyncIterable<Message>;
  /**
   * What was sent to the run under this name until now, behind message number `after` (0 for all); at most some dozens at a
   * time. A message that was read here can be read again.
   */
  received(name: string, after: number): Promise<readonly Message[]>;
}

export interface SignalOptions {
  readonly timeoutMs?: number;
  readonly ask?: Ask;
}

export interface ChildResult {
  readonly runId: string;
  readonly status: RunStatus;
  readonly output: unknown;
}

/**
 * All that a story can do. Every call is recorded under its name and how often the name came before, so that a replay
 * gives the same answer without doing it again. Waits give the run's slot back.
 */
export interface RunContext {
  readonly run: Run;
  /** Other runs, with the rights of this run's user; for use inside of steps only, because they change. */
  readonly runs: RunsOnBehalf;
  /** Does something outside, once; what it returns is stored as JSON, so it never returns a credential. */
  step<T>(name: string, work: (step: StepContext) => Promise<T>, options?: StepOptions<T>): Promise<T>;
  sleep(name: string, ms: number): Promise<void>;
  /**
   * Waits for a message of this name. Undefined when `timeoutMs` went by first. With `ask` a person is asked: it stands
   * in their inbox, the message must be one of the answers, and only who is asked may send it. `payload` is then
   * `answerPayloadSchema`. What was asked first stays asked, whatever a replay would ask.
   */
  signal<Payload extends ZodType>(
    name: string,
    payload: Payload,
    options?: SignalOptions,
  ): Promise<z.infer<Payload> | undefined>;
  /** Asks a person as `signal` with `ask` does, and answers who said what. Undefined when `timeoutMs` went by first. */
  ask(
    name: string,
    ask: Ask,
    options?: { readonly timeoutMs?: number | undefined },
  ): Promise<GivenAnswer | undefined>;
  /** Starts a run of another capability and waits for its end. */
  child(name: string, capability: string, input: unknown): Promise<ChildResult>;
  emit(event: StoryEvent): void;
  /** Adds to what the run has used. */
  use(usage: Usage): void;
}
