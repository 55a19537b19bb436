import { GantryError, toGantryError } from '../../base/errors.ts';
import type { RunContext, StepContext } from '../../kernel/context.ts';
import type { Artifacts } from '../../resources/artifacts.ts';
import type {
  ExecRequest,
  ExecResult,
  Sandbox,
  SandboxDriver,
  SandboxLimits,
  UsageSample,
} from '../../resources/ports/sandbox.ts';
import { keepOutput } from './keep-output.ts';
import type { ProgramModels } from '../../resources/gateway/program-models.ts';
import { openAccount, throughDoor, type Account } from './model-door.ts';
import type { Toolchain } from './languages/language.ts';
import { createLiveOutput } from './live-output.ts';
import { openInteraction } from './interaction.ts';
import { codesOf, outcomeOf } from './outcome.ts';
import { planExecution, type Plan } from './plan.ts';
import type { ExecutionInput, ExecutionOutput, StageResult } from './schema.ts';

/** What the story runs programs with, and where it keeps their files. */
export interface ExecutionTools {
  readonly sandboxes: SandboxDriver;
  readonly artifacts: Artifacts;
  readonly toolchain: Toolchain;
  readonly programModels: () => ProgramModels;
}

/**
 * The story: in one recorded step, a sandbox is made, filled, and the program compiled and run in it, and what it left is
 * kept. Whatever the program does is an outcome; only what Gantry itself gets wrong is an error.
 */
export async function execute(
  ctx: RunContext,
  input: ExecutionInput,
  tools: ExecutionTools,
): Promise<ExecutionOutput> {
  const plan = planExecution(input, tools.toolchain);
  const tenant = ctx.run.userId ?? 'system';
  const account = openAccount(ctx.run);
  const work = (step: StepContext) => runInSandbox({ ...tools, account }, tenant, plan, step);
  const output = await ctx
    .step('run', work, { retry: { attempts: 2, delayMs: 100 } })
    .catch((error: unknown) => {
      ctx.use(account.spent());
      throw error;
    });
  const stages = output.compile && output.outcome !== 'compile_failed' ? [output.compile, output] : [output];
  for (const { wallMs, cpuMs, peakMemoryBytes } of stages) ctx.use({ wallMs, cpuMs, peakMemoryBytes });
  if (output.spent) ctx.use(output.spent);
  return output;
}

interface Tools extends ExecutionTools {
  readonly account: Account;
}

async function runInSandbox(
  tools: Tools,
  tenant: string,
  plan: Plan,
  step: StepContext,
): Promise<ExecutionOutput> {
  step.signal.throwIfAborted();
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await tools.sandboxes.create({ ...plan.sandbox, tenant });
    await sandbox.put(plan.files);
    return await compileAndRun(sandbox, plan, tools, step);
  } catch (thrown) {
    step.signal.throwIfAborted();
    if (thrown instanceof GantryError) throw thrown;
    throw toGantryError(thrown, 'SANDBOX_FAILED');
  } finally {
    // Every process is dead by now; the rest of the sandbox goes without making the answer wait.
    sandbox?.destroy().catch((err: unknown) => step.log.error({ err }, 'a sandbox was not destroyed'));
  }
}

const nothingKept = { files: [], skipped: [], skippedMore: 0 };

async function compileAndRun(
  sandbox: Sandbox,
  plan: Plan,
  tools: Tools,
  step: StepContext,
): Promise<ExecutionOutput> {
  const { toolchain, artifacts } = tools;
  const { language, version } = toolchain;
  const about = { language: language.name, version };
  let compile: StageResult | null = null;
  if (plan.compile) {
    compile = (await runStage(sandbox, plan, plan.compile, step, { stage: 'compile' })).stage;
    if (compile.outcome !== 'ok')
      return { ...compile, ...about, ...nothingKept, outcome: 'compile_failed', warm: false, compile };
  }
  const { outOfMemory } = language;
  const run = (request: ExecRequest) =>
    plan.interactive
      ? runInteractive(sandbox, plan, request, plan.interactive.idleMs, step, { outOfMemory })
      : runStage(sandbox, plan, request, step, { outOfMemory });
  const { stage, warm, spent } = plan.models
    ? await throughDoor(plan, plan.models, { ...tools, step }, run)
    : { ...(await run(plan.run)), spent: undefined };
  const kept = await keepOutput(sandbox, artifacts, plan.collect, step);
  return { ...stage, ...about, ...(spent && { spent }), ...kept, warm, compile };
}

interface StageAbout {
  readonly stage?: string;
  readonly outOfMemory?: RegExp | undefined;
  /** Ends a program that nobody talks to any more. */
  readonly idle?: AbortSignal;
}

async function runInteractive(
  sandbox: Sandbox,
  plan: Plan,
  program: ExecRequest,
  idleMs: number,
  step: StepContext,
  about: StageAbout,
): Promise<{ stage: StageResult; warm: boolean }> {
  const { stdin, terminal } = program;
  const first = stdin instanceof Uint8Array ? stdin : new Uint8Array();
  const interaction = openInteraction({ step, sandbox, first, hasTerminal: terminal !== undefined, idleMs });
  try {
    const request = { ...program, stdin: interaction.stdin };
    return await runStage(sandbox, plan, request, step, { ...about, idle: interaction.idle });
  } finally {
    interaction.stop();
  }
}

async function runStage(
  sandbox: Sandbox,
  plan: Plan,
  request: ExecRequest,
  step: StepContext,
  { stage, outOfMemory, idle }: StageAbout,
): Promise<{ stage: StageResult; warm: boolean }> {
  const live = createLiveOutput((event) => step.emit(event), stage);
  const tellUsage = usageTeller(step, { ...plan.sandbox.limits, ...request.limits }, stage);
  const signal = idle ? AbortSignal.any([step.signal, idle]) : step.signal;
  let result: ExecResult | undefined;
  let text = { stdout: '', stderr: '' };
  try {
    result = await sandbox.exec({
      ...request,
      signal,
      onOutput: (chunk) => live.write(chunk),
      onUsage: tellUsage,
    });
  } finally {
    text = live.end(result?.truncated ?? false);
  }
  if (result.exit.kind === 'cancelled') step.signal.throwIfAborted();
  const { wallMs, cpuMs, peakMemoryBytes, truncated, warm } = result;
  const outcome =
    result.exit.kind === 'cancelled' ? 'idle_limit' : outcomeOf(result.exit, text.stderr, outOfMemory);
  return { stage: { outcome, ...codesOf(result), ...text, wallMs, cpuMs, peakMemoryBytes, truncated }, warm };
}

function usageTeller(
  step: StepContext,
  { wallMs, cpuMs, memoryBytes }: Pick<SandboxLimits, 'wallMs' | 'cpuMs' | 'memoryBytes'>,
  stage: string | undefined,
): (sample: UsageSample) => void {
  const limits = { wallMs, cpuMs, memoryBytes };
  return (sample) => {
    const figures = {
      ...sample,
      wallMs: Math.round(sample.wallMs),
      cpuMs: Math.round(sample.cpuMs),
    };
    step.emit({ type: 'usage', data: { ...figures, limits, ...(stage === undefined ? {} : { stage }) } });
  };
}
