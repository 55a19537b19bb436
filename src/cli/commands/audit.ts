import { Option, type Command } from 'commander';
import { GantryError } from '../../base/errors.ts';
import { inert } from '../../base/inert.ts';
import type { AuditEntry } from '../../contract/audit.ts';
import { answer, type Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import { withQuery, type Page } from '../page.ts';
import { table } from '../table.ts';

interface AuditOptions {
  readonly user?: string;
  readonly kind?: string;
  readonly target?: string;
  readonly refused?: true;
  readonly done?: true;
  readonly since?: string;
  readonly limit: string;
}

export function define(command: Command, cli: Cli): void {
  withExamples(
    command
      .option('--user <id>', 'only what this user did')
      .option('--kind <kind>', 'only about users, keys, secrets, settings, sign-in ...')
      .option('--target <id>', 'only what was done to this')
      .option('--refused', 'only what was refused or failed')
      .addOption(new Option('--done', 'only what was done').conflicts('refused'))
      .option('--since <time>', 'only from this time on, such as 2026-01-31 or 2026-01-31T08:00Z')
      .option('--limit <count>', 'how many, at most 200', '50')
      .action((options: AuditOptions) => list(cli, options)),
    ['gantry audit', 'gantry audit --refused --since 2026-01-31', 'gantry audit --kind settings --json'],
  );
}

async function list(cli: Cli, { since, refused, done, ...filter }: AuditOptions): Promise<void> {
  const outcome = refused ? 'refused' : done ? 'done' : undefined;
  const path = withQuery('/audit', { ...filter, outcome, since: since && timeOf(since) });
  const { items } = await (await cli.client()).call<Page<AuditEntry>>('GET', path);
  answer(cli, items, () => {
    if (items.length === 0) return 'No act matches.';
    const rows = items.map((entry) => [
      entry.at.slice(0, 19).replace('T', ' '),
      entry.by.name || '-',
      entry.summary,
      entry.target,
      entry.code ?? 'done',
      entry.address,
    ]);
    return table(['WHEN', 'WHO', 'WHAT', 'ON WHAT', 'OUTCOME', 'FROM'], rows, cli.terminal.columns);
  });
}

function timeOf(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new GantryError(
      'INPUT_INVALID',
      `"${inert(text)}" is no time. Write for example 2026-01-31T08:00Z.`,
    );
  }
  return time.toISOString();
}
