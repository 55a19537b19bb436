import type { StepContext } from '../../kernel/context.ts';
import type { Artifacts } from '../../resources/artifacts.ts';
import type { CollectLimits, Collected, OutputFile, Sandbox } from '../../resources/ports/sandbox.ts';
import type { ExecutionOutput } from './schema.ts';

type Kept = Pick<ExecutionOutput, 'files' | 'skipped' | 'skippedMore'>;

/** Stores what the program left in the output directory, and says what was left out; most programs leave nothing. */
export async function keepOutput(
  sandbox: Sandbox,
  artifacts: Artifacts,
  limits: CollectLimits,
  step: StepContext,
): Promise<Kept> {
  const collecting = sandbox.collect(limits);
  const first = await collecting.next();
  if (first.done === true) {
    if (step.attempt > 1 || step.owner.claim > 1) await artifacts.save(step.owner, nothing());
    return { files: [], ...saidOf(first.value) };
  }
  let rest: Collected = { skipped: [], more: 0 };
  async function* all(one: OutputFile): AsyncGenerator<OutputFile> {
    yield one;
    rest = yield* collecting;
  }
  const files = await artifacts.save(step.owner, all(first.value));
  return { files, ...saidOf(rest) };
}

function saidOf({ skipped, more }: Collected): Omit<Kept, 'files'> {
  return { skipped: [...skipped], skippedMore: more };
}

async function* nothing(): AsyncGenerator<OutputFile> {}
