import { GantryError, toGantryError } from '../../base/errors.ts';
import type { RunContext, StepContext } from '../../kernel/context.ts';
import type { ExecRequest, ExecResult, Sandbox, SandboxDriver } from '../../resources/ports/sandbox.ts';
import type { Toolchain } from './languages/language.ts';
import { createLiveOutput } from './live-output.ts';
import { codesOf, outcomeOf } from './outcome.ts';
import { planExecution, type Plan } from './plan.ts';
import type { ExecutionInput, ExecutionOutput, StageResult } from './schema.ts';

/**
 * The story: in one recorded step, a sandbox is made, filled, and the program compiled and run in it. Whatever the
 * program does is an outcome; only what Gantry itself gets wrong is an error.
 */
export async function execute(
  ctx: RunContext,
  input: ExecutionInput,
  sandboxes: SandboxDriver,
  toolchain: Toolchain,
): Promise<ExecutionOutput> {
  const plan = planExecution(input, toolchain);
  const tenant = ctx.run.userId ?? 'system';
  const output = await ctx.step(
    'run',
    (step) => runInSandbox(sandboxes, { ...plan.sandbox, tenant }, plan, toolchain, step),
    {
      retry: { attempts: 2, delayMs: 100 },
    },
  );
  const stages = output.compile && output.outcome !== 'compile_failed' ? [output.compile, output] : [output];
  for (const { wallMs, cpuMs, peakMemoryBytes } of stages) ctx.use({ wallMs, cpuMs, peakMemoryBytes });
  return output;
}

async function runInSandbox(
  sandboxes: SandboxDriver,
  spec: Parameters<SandboxDriver['create']>[0],
  plan: Plan,
  toolchain: Toolchain,
  step: StepContext,
): Promise<ExecutionOutput> {
  step.signal.throwIfAborted();
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await sandboxes.create(spec);
    await sandbox.put(plan.files);
    return await compileAndRun(sandbox, plan, toolchain, step);
  } catch (thrown) {
    step.signal.throwIfAborted();
    if (thrown instanceof GantryError) throw thrown;
    throw toGantryError(thrown, 'SANDBOX_FAILED');
  } finally {
    // Every process is dead by now; the rest of the sandbox goes without making the answer wait.
    sandbox?.destroy().catch((err: unknown) => step.log.error({ err }, 'a sandbox was not destroyed'));
  }
}

async function compileAndRun(
  sandbox: Sandbox,
  plan: Plan,
  toolchain: Toolchain,
  step: StepContext,
): Promise<ExecutionOutput> {
  const { language, version } = toolchain;
  const about = { language: language.name, version };
  let compile: StageResult | null = null;
  if (plan.compile) {
    compile = (await runStage(sandbox, plan.compile, step, { stage: 'compile' })).stage;
    if (compile.outcome !== 'ok')
      return { ...compile, ...about, outcome: 'compile_failed', warm: false, compile };
  }
  const { stage, warm } = await runStage(sandbox, plan.run, step, { outOfMemory: language.outOfMemory });
  return { ...stage, ...about, warm, compile };
}

async function runStage(
  sandbox: Sandbox,
  request: ExecRequest,
  step: StepContext,
  about: { readonly stage?: string; readonly outOfMemory?: RegExp | undefined },
): Promise<{ stage: StageResult; warm: boolean }> {
  const live = createLiveOutput((event) => step.emit(event), about.stage);
  let result: ExecResult | undefined;
  let text = { stdout: '', stderr: '' };
  try {
    result = await sandbox.exec({ ...request, signal: step.signal, onOutput: (chunk) => live.write(chunk) });
  } finally {
    text = live.end(result?.truncated ?? false);
  }
  if (result.exit.kind === 'cancelled') step.signal.throwIfAborted();
  const { wallMs, cpuMs, peakMemoryBytes, truncated, warm } = result;
  const outcome = outcomeOf(result.exit, text.stderr, about.outOfMemory);
  return { stage: { outcome, ...codesOf(result), ...text, wallMs, cpuMs, peakMemoryBytes, truncated }, warm };
}
