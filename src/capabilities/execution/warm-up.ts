import type { Logger } from '../../base/logger.ts';
import type { SandboxBoot, SandboxDriver } from '../../resources/ports/sandbox.ts';
import type { Toolchain } from './languages/language.ts';
import { runLimits } from './limits.ts';
import { baseEnv } from './plan.ts';

/**
 * Keeps `count` interpreters started for the newest version of each named language. Languages that share an interpreter
 * share its pool; those that can't wait for their program are passed over with a warning.
 */
export async function fillPools(
  sandboxes: SandboxDriver,
  toolchains: readonly Toolchain[],
  warm: { readonly count: number; readonly languages: readonly string[] },
  logger: Logger,
): Promise<void> {
  const boots = new Map<string, SandboxBoot>();
  for (const name of warm.languages) {
    const toolchain = toolchains.find(
      ({ language }) => language.name === name || language.aliases.includes(name),
    );
    const boot = toolchain && bootOf(toolchain);
    if (boot) boots.set(boot.key, boot);
    else logger.warn({ language: name }, 'the language is not here or cannot be kept warm');
  }
  await Promise.all([...boots.values()].map((boot) => sandboxes.prewarm(boot, warm.count)));
}

function bootOf({ language, version, program, mounts }: Toolchain): SandboxBoot | undefined {
  const { warmth } = language;
  if (!warmth) return undefined;
  const limits = runLimits(language.limits);
  return {
    key: warmth.key(version, limits),
    argv: warmth.argv(program, limits),
    env: baseEnv,
    mounts,
    limits,
    reservesAddressSpace: language.reservesAddressSpace ?? false,
  };
}
