import { rm } from 'node:fs/promises';
import pg from 'pg';
import { createLogger } from '../src/base/logger.ts';
import { startEmbedded } from '../src/store/embedded/start.ts';
import { finished, submit } from './client.ts';
import { type Figure, summarise } from './figure.ts';
import { makeDataDir, startGantry, startWorker } from './gantry-process.ts';

const samples = 300;

/** From before the request at a server without a worker to the start of the run in a worker process of its own. */
export async function measureSubmit(effort: number): Promise<Figure[]> {
  const dataDir = await makeDataDir();
  const postgres = await startEmbedded({ dataDir, logger: createLogger('warn') });
  try {
    const settings = { GANTRY_DATABASE_URL: postgres.url };
    const server = await startGantry('server', settings);
    try {
      const worker = await startWorker({ ...settings, GANTRY_DATA_DIR: server.dataDir });
      try {
        return [await compare(server, postgres.url, samples * effort)];
      } finally {
        await worker.stop();
      }
    } finally {
      await server.stop();
    }
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(
  server: { url: string; key: string },
  databaseUrl: string,
  count: number,
): Promise<Figure> {
  const sender = new pg.Client({ connectionString: databaseUrl });
  const receiver = new pg.Client({ connectionString: databaseUrl });
  await Promise.all([sender.connect(), receiver.connect()]);
  await sender.query('CREATE TABLE bench_baseline (id serial PRIMARY KEY, text text)');
  await receiver.query('LISTEN bench_baseline');
  const starts: number[] = [];
  const notices: number[] = [];
  try {
    for (let sample = -20; sample < count; sample += 1) {
      const notice = await noticeDelay(sender, receiver);
      const start = await startDelay(server);
      if (sample < 0) continue;
      notices.push(notice);
      starts.push(start);
    }
  } finally {
    await sender.query('DROP TABLE bench_baseline');
    await Promise.all([sender.end(), receiver.end()]);
  }
  const measured = summarise(starts);
  return {
    name: 'submit in one process to start in another',
    unit: 'ms',
    measured,
    baseline: { name: 'insert, commit, NOTIFY', summary: summarise(notices) },
    compared: `${measured.median.toFixed(1)} / ${measured.p99.toFixed(1)} ms`,
    target: 'p50 / p99 <= 10 / 50 ms',
    reached: measured.median <= 10 && measured.p99 <= 50,
  };
}

async function startDelay(server: { url: string; key: string }): Promise<number> {
  const begun = Date.now();
  const { id } = await submit(server, 'bash', 'true');
  const run = await finished(server, id);
  return new Date(run.startedAt ?? 0).getTime() - begun;
}

async function noticeDelay(sender: pg.Client, receiver: pg.Client): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  receiver.once('notification', () => resolve());
  const begun = performance.now();
  await sender.query(`BEGIN; INSERT INTO bench_baseline (text) VALUES ('x'); NOTIFY bench_baseline; COMMIT`);
  await promise;
  return performance.now() - begun;
}
