import type { ZodType, z } from 'zod';
import type { RunContext } from './context.ts';

/**
 * A capability as the kernel sees it: a name, what goes in and out, and the story told between start and finish.
 * `run` is replayed from its start whenever the run goes on, so it acts only through `ctx` and is otherwise pure.
 */
export interface Capability {
  readonly name: string;
  readonly input: ZodType;
  readonly output: ZodType;
  /** One line for lists. */
  title(input: unknown): string;
  /** What came of a run in a few words where "succeeded" doesn't say it, such as `exit 2`; null otherwise. */
  outcome?(output: unknown): string | null;
  /** Repository that a cap counts; null when there is none. */
  repository?(input: unknown): string | null;
  /** Something that only some workers have, such as a language; null when any worker will do. */
  needs?(input: unknown): string | null;
  /**
   * Looks, before a run is queued, whether one of this input could work at present; throws what keeps it from that. Not asked
   * for children, retries and forks, which find out by themselves.
   */
  accepts?(input: unknown): Promise<void>;
  /** Runs of this capability worked on at once, by all workers. */
  readonly maxRunning?: number;
  run(ctx: RunContext, input: unknown): Promise<unknown>;
}

interface TypedCapability<Input extends ZodType, Output extends ZodType> extends Omit<
  Capability,
  'input' | 'output' | 'title' | 'outcome' | 'repository' | 'needs' | 'accepts' | 'run'
> {
  readonly input: Input;
  readonly output: Output;
  title(input: z.infer<Input>): string;
  outcome?(output: z.infer<Output>): string | null;
  repository?(input: z.infer<Input>): string | null;
  needs?(input: z.infer<Input>): string | null;
  accepts?(input: z.infer<Input>): Promise<void>;
  run(ctx: RunContext, input: z.infer<Input>): Promise<z.infer<Output>>;
}

/** Ties a story's types to its schemas, then forgets them, so that all capabilities fit one catalogue. */
export function defineCapability<Input extends ZodType, Output extends ZodType>(
  definition: TypedCapability<Input, Output>,
): Capability {
  return definition as unknown as Capability;
}
