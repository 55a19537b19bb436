import { toGantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { Config } from '../config.ts';
import type { Check } from '../contract/system.ts';
import { answer, type Cli } from './cli.ts';
import { openProgress } from './progress.ts';
import { styled } from './terminal.ts';

/** Says what this machine offers and what to do about each gap; the exit code is 1 when something is missing. */
export async function doctor(cli: Cli): Promise<void> {
  const config = await cli.config();
  const progress = openProgress(cli.terminal.stderr);
  const { examine } = await import('../platform/examine.ts');
  const say = (what: string) => {
    if (cli.terminal.stderr.isTTY) progress.step(`Looking at ${what}`);
  };
  const checks = await examine(config, say);
  say('the server');
  checks.push(...(await lookAtServer(config)));
  progress.end();
  const healthy = checks.every(({ state }) => state !== 'missing');
  answer(cli, { healthy, checks }, () => told(cli, checks, healthy));
  if (!healthy) process.exitCode = 1;
}

const marks = { ok: ['green', 'ok     '], gap: ['yellow', 'gap    '], missing: ['red', 'missing'] } as const;

function told(cli: Cli, checks: readonly Check[], healthy: boolean): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, detail, remedy }) => {
    const [style, mark] = marks[state];
    const line = `${styled(style, mark, cli.terminal.stdout)}  ${name.padEnd(width)}  ${inert(detail)}`;
    return remedy === undefined ? [line] : [line, `${' '.repeat(width + 11)}${inert(remedy)}`];
  });
  return [...lines, '', healthy ? 'Gantry works here.' : 'Gantry does not work here as configured.'].join(
    '\n',
  );
}

async function lookAtServer({ dataDir }: Config): Promise<Check[]> {
  const name = 'server';
  const { findRunning } = await import('./running.ts');
  const running = await findRunning(dataDir).catch(toGantryError);
  if (running === null) return [{ name, state: 'ok', detail: 'none runs here; `gantry up` starts one' }];
  if (running instanceof Error) return [{ name, state: 'gap', detail: running.message }];
  const answer = await fetch(new URL('/health/ready', running.url)).catch(() => undefined);
  if (answer?.ok) return [{ name, state: 'ok', detail: `${running.url}, ready` }];
  const detail = `${running.url} (process ${running.pid}) is not ready`;
  return [
    {
      name,
      state: 'missing',
      detail,
      remedy: 'Look at `gantry logs`; `gantry down`, then `gantry up` starts it anew.',
    },
  ];
}
