import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { GantryError } from '../../base/errors.ts';
import type { Schedule } from '../../contract/schedule.ts';
import { answer, type Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import { allItems } from '../page.ts';
import { table } from '../table.ts';

interface CreateOptions {
  readonly name: string;
  readonly capability: string;
  readonly input: string;
  readonly cron: string;
  readonly timeZone: string;
}

export function define(command: Command, cli: Cli): void {
  withExamples(command, ['gantry schedules', 'gantry schedules disable <id>']);
  withExamples(
    command
      .command('create')
      .description('Start a run by the clock from now on.')
      .requiredOption('--name <name>', 'what it is for')
      .requiredOption('--cron <expression>', 'minute hour day month weekday')
      .option('--time-zone <zone>', 'whose clock', Intl.DateTimeFormat().resolvedOptions().timeZone)
      .option('--capability <name>', 'what to run', 'execution')
      .option('--input <file>', 'JSON file with the input of the run; - reads stdin', '-')
      .action((options: CreateOptions) => create(cli, options)),
    [`gantry schedules create --name nightly --cron '0 3 * * *' --time-zone Europe/Berlin --input run.json`],
  );
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List schedules.')
      .action(() => list(cli)),
    ['gantry schedules list', 'gantry schedules list --json'],
  );
  for (const [name, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    withExamples(
      command
        .command(`${name} <id>`)
        .description(enabled ? 'Go on with a schedule.' : 'Pause a schedule.')
        .action((id: string) => enable(cli, id, enabled)),
      [`gantry schedules ${name} <id>`],
    );
  }
  withExamples(
    command
      .command('remove <id>')
      .description('Delete a schedule; the runs that it started stay.')
      .action((id: string) => remove(cli, id)),
    ['gantry schedules remove <id>'],
  );
}

async function create(cli: Cli, { name, capability, input, cron, timeZone }: CreateOptions): Promise<void> {
  const body = { name, capability, input: readJson(input), cron, timeZone };
  const client = await cli.client();
  const schedule = await client.call<Schedule>('POST', '/schedules', body);
  answer(cli, schedule, () => `Made ${schedule.id}; it runs next at ${schedule.nextAt}.`);
}

async function list(cli: Cli): Promise<void> {
  const schedules = await allItems<Schedule>(await cli.client(), '/schedules');
  answer(cli, schedules, () => {
    if (schedules.length === 0)
      return 'No schedules. `gantry schedules create --help` shows how to make one.';
    const rows = schedules.map((one) => [
      one.id,
      one.name,
      one.capability,
      one.cron,
      one.timeZone,
      one.enabled ? one.nextAt : 'paused',
    ]);
    return table(['ID', 'NAME', 'CAPABILITY', 'CRON', 'TIME ZONE', 'NEXT'], rows, cli.terminal.columns);
  });
}

async function enable(cli: Cli, id: string, enabled: boolean): Promise<void> {
  const client = await cli.client();
  const schedule = await client.call<Schedule>('PATCH', `/schedules/${encodeURIComponent(id)}`, { enabled });
  answer(cli, schedule, () =>
    enabled ? `${schedule.name} runs next at ${schedule.nextAt}.` : `${schedule.name} is paused.`,
  );
}

async function remove(cli: Cli, id: string): Promise<void> {
  const client = await cli.client();
  await client.call('DELETE', `/schedules/${encodeURIComponent(id)}`);
  answer(cli, { id, removed: true }, () => `Removed ${id}.`);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path === '-' ? 0 : path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not valid JSON' : "can't be read";
    throw new GantryError('INPUT_INVALID', `The input in ${path === '-' ? 'stdin' : path} ${why}.`, {
      cause,
    });
  }
}
