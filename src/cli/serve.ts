import { createLogger } from '../base/logger.ts';
import type { Config } from '../config.ts';
import type { Platform } from '../platform.ts';
import { toJson, type Cli } from './cli.ts';
import { openLogFile } from './log-file.ts';
import { openProgress } from './progress.ts';

export interface Parts {
  readonly api: boolean;
  readonly worker: boolean;
}

/**
 * Starts the parts in this process, says when they are ready, and works until a signal: the first one gives the runs their
 * time to end, the second one leaves at once.
 */
export async function serve(cli: Cli, parts: Parts): Promise<void> {
  const config = await cli.config();
  if (parts.api && (await sayAlreadyRunning(cli, config))) return;
  // Whoever started this may close its end; the server stays.
  cli.terminal.onReaderGone(() => {});
  const leaving = awaitSignal((signal) =>
    cli.terminal.note(
      `gantry: Stopping on ${signal}; what runs gets up to ${config.drainSeconds} s. Once more to stop at once.`,
    ),
  );
  const running = await start(cli, config, parts);
  sayReady(cli, running.url, running.signInLink);
  await leaving;
  await running.stop();
  cli.terminal.note('gantry: Stopped.');
}

async function start(cli: Cli, config: Config, parts: Parts): Promise<Platform> {
  const progress = openProgress(cli.terminal.stderr);
  try {
    progress.step('Starting');
    const { startPlatform } = await import('../platform.ts');
    const logger = createLogger(config.logLevel, openLogFile(config.dataDir) ?? undefined);
    const onProgress = (message: string) => progress.step(message);
    const { buildWebApp } = await import('./web-app.ts');
    const webApp = () => buildWebApp(config.dataDir, onProgress);
    return await startPlatform(config, { ...parts, logger, onProgress, webApp });
  } finally {
    progress.end();
  }
}

/** True when a Gantry serves this data directory already, which is what was asked for. */
async function sayAlreadyRunning(cli: Cli, config: Config): Promise<boolean> {
  const { findRunning } = await import('./running.ts');
  const running = await findRunning(config.dataDir);
  if (!running) return false;
  cli.terminal.note(`gantry: Gantry already runs on ${config.dataDir} (process ${running.pid}).`);
  sayReady(cli, running.url, null);
  return true;
}

/** The line `ready http://...` is for scripts; the link signs in once. */
function sayReady(cli: Cli, url: string | null, signInLink: string | null): void {
  const { print } = cli.terminal;
  if (cli.flags.json) return print(toJson({ ready: true, url, signInLink }, 0));
  const lines = [url === null ? 'ready' : `ready ${url}`];
  if (signInLink !== null) lines.push(`Sign in once, within the hour: ${signInLink}`);
  print(lines.join('\n'));
}

const exitOnSecond = 130;

/** Resolves with the first signal to leave, which is told at once, also during a start. The next one ends the process. */
function awaitSignal(onSignal: (signal: NodeJS.Signals) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let seen = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (seen) process.exit(exitOnSecond);
      seen = true;
      onSignal(signal);
      resolve();
    });
  }
  return promise;
}
