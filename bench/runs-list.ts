import { rm } from 'node:fs/promises';
import { createLogger } from '../src/base/logger.ts';
import { firstIdAt } from '../src/base/ids.ts';
import { countRuns } from '../src/kernel/run-counts.ts';
import type { RunFilter } from '../src/kernel/run-filter.ts';
import { listRuns } from '../src/kernel/run-list.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded/start.ts';
import { migrate } from '../src/store/migrate.ts';
import { type Figure, type Summary, summarise } from './figure.ts';
import { makeDataDir } from './gantry-process.ts';
import { rare, storeRuns } from './stored-runs.ts';

const stored = 1_000_000;
const day = 86_400_000;

/** Every filter that the page offers, and the worst of their mixtures. */
const filters: Readonly<Record<string, RunFilter>> = {
  'no filter': {},
  'a common capability': { capability: 'execution' },
  'a rare capability': { capability: 'agents' },
  running: { status: 'running' },
  'waiting or queued': { status: ['waiting', 'queued'] },
  succeeded: { status: 'succeeded' },
  'failed or dead': { status: ['failed', 'dead'] },
  dead: { status: 'dead' },
  'a common user': { by: 'user-0' },
  'a rare user': { by: rare.user },
  'by schedule': { origin: 'schedule' },
  'an origin that none has': { origin: 'run' },
  'a rare repository': { repository: rare.repository },
  'before a month ago': { before: new Date(Date.now() - 30 * day) },
  'text in every 7th title': { text: 'invoices' },
  'text in 4 titles': { text: rare.text },
  'text in no title': { text: rare.absent },
  'an id': { text: firstIdAt(Date.now()) },
  'the children of a run': { parentId: firstIdAt(0) },
  'common user, common capability, text in none': {
    by: 'user-0',
    capability: 'execution',
    text: rare.absent,
    status: 'succeeded',
  },
  'repository and capability that exclude each other': { repository: 'team/repo-0', capability: 'execution' },
};

/** Pages of the runs list with a million runs stored: the first page and one 60 days back. */
export async function measureRunsList(effort: number): Promise<Figure[]> {
  const dataDir = await makeDataDir();
  const postgres = await startEmbedded({ dataDir, logger: createLogger('warn') });
  const db = openDatabase({ url: postgres.url, poolSize: 4, onError: () => undefined });
  try {
    await migrate(db);
    await storeRuns(db, effort < 1 ? stored / 10 : stored);
    const deep = firstIdAt(Date.now() - 60 * day);
    const samples = Math.ceil(40 * effort);
    const figures: Figure[] = [];
    for (const [name, filter] of Object.entries(filters)) {
      for (const [depth, cursor] of [
        ['first page', undefined],
        ['60 days deep', deep],
      ] as const) {
        const bare = await timed(samples, () => barePage(db, cursor));
        const page = await timed(
          samples,
          async () => void (await listRuns(db, { ...filter, cursor, limit: 50 })),
        );
        figures.push(figureOf(`runs list: ${name}, ${depth}`, page, bare));
      }
    }
    const bare = await timed(samples, () => barePage(db, undefined));
    for (const [name, filter] of Object.entries({ all: {}, 'a common user': { userId: 'user-0' } })) {
      const counts = await timed(samples, async () => void (await countRuns(db, filter)));
      figures.push(figureOf(`runs by status: ${name}`, counts, bare));
    }
    return figures;
  } finally {
    await db.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What nobody can undercut: a page of the same rows straight from the index. */
async function barePage(db: Database, cursor: string | undefined): Promise<void> {
  await db.query(
    `SELECT id, capability, title, status, usage, trigger FROM runs WHERE id < $1 ORDER BY id DESC LIMIT 51`,
    [cursor ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    'bare_page',
  );
}

async function timed(samples: number, work: () => Promise<void>): Promise<Summary> {
  const times: number[] = [];
  for (let sample = -3; sample < samples; sample += 1) {
    const begun = performance.now();
    await work();
    if (sample >= 0) times.push(performance.now() - begun);
  }
  return summarise(times);
}

function figureOf(name: string, measured: Summary, bare: Summary): Figure {
  return {
    name,
    unit: 'ms',
    measured,
    baseline: { name: 'ORDER BY id DESC LIMIT 51', summary: bare },
    compared: `p95 ${measured.p95.toFixed(1)} ms`,
    target: 'p95 <= 50 ms',
    reached: measured.p95 <= 50,
  };
}
