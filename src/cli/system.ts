import { formatBytes } from '../base/format-bytes.ts';
import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { DatabaseView, Overview, Queues } from '../contract/system.ts';
import type { WorkerView } from '../contract/worker.ts';
import { answer, type Cli } from './cli.ts';
import { table } from './table.ts';

/** How Gantry stands, as the first page of System says it. */
export async function overview(cli: Cli): Promise<void> {
  const client = await cli.client();
  const view = await client.call<Overview>('GET', '/system/overview');
  answer(cli, view, ({ state, findings, slots, queued, running, waiting, dead }) =>
    [
      { healthy: 'Healthy.', degraded: 'Degraded.', down: 'Down.' }[state],
      ...findings.map(({ text }) => inert(text)),
      '',
      `${running} running on ${slots.all} slots, ${queued} queued, ${waiting} waiting, ${dead} dead.`,
    ].join('\n'),
  );
}

export async function workers(cli: Cli): Promise<void> {
  const items = await allWorkers(cli);
  answer(cli, items, () => {
    if (items.length === 0) return 'No worker is there. `gantry worker` starts one.';
    const rows = items.map(({ name, state, busy, slots, figures, version, host, pid, lost }) => [
      name,
      state,
      `${busy}/${slots}`,
      figures ? formatBytes(figures.rssBytes) : '–',
      version ?? '–',
      `${host} ${pid}`,
      lost?.text ?? '',
    ]);
    return table(['WORKER', 'STATE', 'RUNS', 'MEMORY', 'VERSION', 'PROCESS', ''], rows, cli.terminal.columns);
  });
}

export async function queues(cli: Cli): Promise<void> {
  const client = await cli.client();
  const view = await client.call<Queues>('GET', '/system/queues');
  answer(cli, view, ({ priorities, unmet }) => {
    const rows = priorities.map((line) => [
      line.priority,
      String(line.running),
      String(line.queued),
      String(line.waiting),
      line.oldestSeconds === null ? '–' : `${Math.round(line.oldestSeconds)} s`,
    ]);
    const head = ['PRIORITY', 'RUNNING', 'QUEUED', 'WAITING', 'OLDEST'];
    const missing = unmet.map(({ needs, queued }) => `No worker offers ${inert(needs)}; queued: ${queued}.`);
    return [table(head, rows, cli.terminal.columns), ...missing].join('\n');
  });
}

export async function database(cli: Cli): Promise<void> {
  const client = await cli.client();
  const view = await client.call<DatabaseView>('GET', '/system/database');
  answer(cli, view, ({ kind, version, bytes, tables, connections, retention, lastBackup }) => {
    const rows = tables
      .slice(0, 10)
      .map((each) => [each.name, formatBytes(each.bytes), String(Math.round(each.rows))]);
    return [
      `${kind} PostgreSQL ${version}, ${formatBytes(bytes)}, ${connections.used} of ${connections.limit} connections`,
      retention.days === 0
        ? 'Finished runs are kept for ever.'
        : `Finished runs are kept for ${retention.days} days; ${retention.due} are too old now.`,
      lastBackup ? `Last backup: ${lastBackup.at}, ${inert(lastBackup.file)}` : 'No backup is known.',
      '',
      table(['TABLE', 'SIZE', 'ROWS, ABOUT'], rows, cli.terminal.columns),
    ].join('\n');
  });
}

/** `worker` is a name, as people read it, or an id. */
export async function drain(cli: Cli, worker: string, drains: boolean): Promise<void> {
  const items = await allWorkers(cli);
  const found = items.find(({ id, name, state }) => state !== 'lost' && (id === worker || name === worker));
  if (!found) {
    throw new GantryError('NOT_FOUND', `There is no worker ${worker}. \`gantry system workers\` lists them.`);
  }
  const client = await cli.client();
  await client.call('POST', `/system/workers/${encodeURIComponent(found.id)}/drain`, { drain: drains });
  answer(cli, { worker: found.name, drains }, () =>
    drains ? `${found.name} begins no new runs.` : `${found.name} begins runs again.`,
  );
}

async function allWorkers(cli: Cli): Promise<readonly WorkerView[]> {
  const client = await cli.client();
  return (await client.call<{ items: readonly WorkerView[] }>('GET', '/system/workers')).items;
}
