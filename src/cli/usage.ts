import { formatDuration } from '../base/duration.ts';
import type { UsageReport } from '../contract/usage.ts';
import { answer, type Cli } from './cli.ts';
import { dollars } from './dollars.ts';
import { withQuery } from './page.ts';
import { table } from './table.ts';

/** Prints what runs used, with the sum of all in the last line. */
export async function showUsage(cli: Cli, options: Readonly<Record<string, string>>): Promise<void> {
  const { by, from, to } = options;
  const client = await cli.client();
  const report = await client.call<UsageReport>('GET', withQuery('/usage', { by, from, to }));
  answer(cli, report, () =>
    report.items.length === 0
      ? `No run ended from ${report.from} to ${report.to}.`
      : usageTable(report, cli.terminal.columns),
  );
}

function usageTable({ by, items, total }: UsageReport, columns: number): string {
  const rows = [...items, { key: 'all', ...total }].map((item) => [
    item.key === '' ? '(none)' : item.key,
    String(item.runs),
    String(item.failed),
    formatDuration(item.wallMs),
    formatDuration(item.cpuMs),
    String(item.tokens),
    dollars(item.usd),
  ]);
  return table([by.toUpperCase(), 'RUNS', 'FAILED', 'TIME', 'CPU', 'TOKENS', 'MONEY'], rows, columns);
}
