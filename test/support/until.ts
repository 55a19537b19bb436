import { setTimeout as pause } from 'node:timers/promises';

/** Resolves once `condition` holds; rejects after `timeoutMs`, so that a test never hangs. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Still not so after ${timeoutMs} ms: ${String(condition)}`);
    await pause(5);
  }
}
