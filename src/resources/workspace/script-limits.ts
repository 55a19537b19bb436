import type { SandboxLimits } from '../ports/sandbox.ts';

const MiB = 1024 ** 2;
const minutes = 60_000;

/** A checkout reads and writes all of a repository, once: so many times as long as other scripts. */
export const checkoutShare = 10;

/** What a sandbox has whose programs have `limits`: Gantry's own scripts in it may need more time and output. */
export function scriptLimits(limits: SandboxLimits, outputBytes: number): SandboxLimits {
  return {
    ...limits,
    wallMs: Math.max(limits.wallMs, 10 * minutes),
    cpuMs: Math.max(limits.cpuMs, 10 * minutes),
    memoryBytes: Math.max(limits.memoryBytes, 512 * MiB),
    outputBytes: Math.max(limits.outputBytes, outputBytes + MiB),
    fileBytes: Math.max(limits.fileBytes, outputBytes),
  };
}
