import {
  outputDirectory,
  type CollectLimits,
  type ExecRequest,
  type SandboxFile,
  type SandboxSpec,
} from '../../resources/ports/sandbox.ts';
import type { Job, Toolchain } from './languages/language.ts';
import { bootPayload } from './languages/warmth.ts';
import {
  collectLimits,
  interactiveBounds,
  interactiveLimits,
  runLimits,
  stageLimits,
  widest,
  withRoomForDoor,
} from './limits.ts';
import { fileContent, type ExecutionInput } from './schema.ts';

/** What every program finds in its environment, besides PATH and HOME: text is UTF-8, and where to leave files. */
export const baseEnv = { LANG: 'C.UTF-8', GANTRY_OUTPUT: outputDirectory };

/** All that the sandbox is asked for, settled before it is made. */
export interface Plan {
  readonly sandbox: Omit<SandboxSpec, 'tenant'>;
  readonly files: readonly SandboxFile[];
  readonly compile: ExecRequest | undefined;
  readonly run: ExecRequest;
  readonly collect: CollectLimits;
  /** Set for a program that may ask models. */
  readonly models: { readonly named: readonly string[]; readonly script: unknown } | undefined;
  /** Set for a program that hears what is sent while it runs. */
  readonly interactive: { readonly idleMs: number } | undefined;
}

/** The first file, unless the caller names another. */
export function entryOf(input: ExecutionInput): string {
  return input.entry ?? input.files[0]?.name ?? '';
}

/** How this input is run by this toolchain. */
export function planExecution(input: ExecutionInput, toolchain: Toolchain): Plan {
  const { language, version, program, report, mounts } = toolchain;
  const isInteractive = input.interactive === true;
  const asked = (isInteractive ? interactiveLimits : runLimits)(language.limits, input.limits);
  const limits = input.models ? withRoomForDoor(asked) : asked;
  const entry = placedEntry(input, toolchain);
  const names = input.files.map(({ name }) => (name === entryOf(input) ? entry : name));
  const sources = new Map(
    input.files.map((file, index) => [names[index] ?? '', file.encoding === 'base64' ? '' : file.content]),
  );
  const options = input.compile?.options ?? [];
  const job: Job = { program, report, entry, sources, options, limits: asked };
  const args = input.args ?? [];
  const env = { ...language.env?.(asked), ...input.env };
  const files = input.files.map((file, index) => ({ path: names[index] ?? '', content: fileContent(file) }));
  const reservesAddressSpace = language.reservesAddressSpace ?? false;
  const run = {
    reservesAddressSpace,
    argv: [...language.run(job), ...args],
    env: { ...baseEnv, ...env },
    stdin: Buffer.from(input.stdin ?? ''),
    ...(input.terminal && { terminal: input.terminal }),
  };
  const interactive = isInteractive
    ? { idleMs: input.limits?.idleMs ?? interactiveBounds.idleMs.usual }
    : undefined;
  const plan = {
    files: [...files, ...(language.prelude ?? [])],
    compile: undefined,
    run,
    collect: collectLimits(input.output),
    models: input.models && { named: input.models, script: input.script },
    interactive,
  };
  if (language.compile) {
    const compileLimits = stageLimits(input.compile?.limits);
    const compileEnv = { ...baseEnv, ...language.compile.env };
    return {
      ...plan,
      sandbox: { limits: widest(limits, compileLimits), mounts },
      compile: {
        argv: language.compile.argv(job),
        env: compileEnv,
        limits: compileLimits,
        reservesAddressSpace,
      },
      run: { ...run, limits },
    };
  }
  const { warmth } = language;
  if (
    !warmth ||
    interactive ||
    input.models ||
    Object.keys(env).some((name) => warmth.readsAtStart.test(name))
  )
    return { ...plan, sandbox: { limits, mounts } };
  return {
    ...plan,
    sandbox: { limits, mounts, bootKey: warmth.key(version, limits) },
    run: { ...run, payload: bootPayload(entry, args, env) },
  };
}

/** The entry under the ending that its compiler goes by, so that a program from a pipe needs no name. */
function placedEntry(input: ExecutionInput, { language }: Toolchain): string {
  const entry = entryOf(input);
  const base = entry.slice(entry.lastIndexOf('/') + 1);
  const placed = entry + language.extensions[0];
  const taken = input.files.some(({ name }) => name === placed);
  return language.needsExtension === true && !base.includes('.') && !taken ? placed : entry;
}
