import type { Command } from 'commander';
import type { Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import type { RunAct } from '../runs.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, ['gantry runs', 'gantry runs --status failed', 'gantry runs follow 0198c1b2-3f4a']);
  defineList(command, cli);
  withExamples(
    command
      .command('show <id>')
      .description('Show one run: what it was, what came of it, its steps. The beginning of an id is enough.')
      .action(async (id: string) => (await import('../runs.ts')).showRun(cli, id)),
    ['gantry runs show 0198c1b2-3f4a', 'gantry runs show 0198c1b2-3f4a --json'],
  );
  withExamples(
    command
      .command('follow <id>')
      .description('Show what happens in a run until it ends; ends with 0 only if the run succeeded.')
      .action(async (id: string) => (await import('../runs.ts')).followToEnd(cli, id)),
    ['gantry runs follow 0198c1b2-3f4a', 'gantry runs follow 0198c1b2-3f4a --json'],
  );
  withExamples(
    command
      .command('files <id>')
      .description('List the files that a run left, or write them below a directory.')
      .option('--output <dir>', 'write them below this directory')
      .option('--force', 'overwrite what is there')
      .action(async (id: string, options: { output?: string; force?: boolean }) =>
        (await import('../save-files.ts')).filesOfRun(cli, id, options),
      ),
    ['gantry runs files 0198c1b2-3f4a', 'gantry runs files 0198c1b2-3f4a --output results'],
  );
  defineAct(
    command,
    cli,
    'pause',
    'Let one run or several rest at their next step, without a slot or a cost.',
  );
  defineAct(command, cli, 'resume', 'Let paused runs go on from where they rest.');
  defineAct(command, cli, 'cancel', 'Cancel one run or several.');
  defineAct(command, cli, 'retry', 'Start a new run with the same input, for one run or several.');
  withExamples(
    command
      .command('fork <id>')
      .description('Start a new run that keeps the steps before a position and does the rest again.')
      .option('--from <position>', 'first step to do again, counted from 0', '0')
      .action(async (id: string, options: { from: string }) => {
        const { actOnRun, stepPosition } = await import('../runs.ts');
        await actOnRun(cli, id, 'fork', { from: stepPosition(options.from) });
      }),
    ['gantry runs fork 0198c1b2-3f4a --from 2'],
  );
}

function defineList(command: Command, cli: Cli): void {
  withExamples(
    command
      .command('list', { isDefault: true })
      .description('List runs, newest first.')
      .option(
        '--status <status>',
        'queued, running, waiting, succeeded, failed, cancelled or dead; several with commas',
      )
      .option('--capability <name>', 'only runs of this capability')
      .option('--search <text>', 'only runs with this text in the title, or whose id begins with it')
      .option('--origin <kind>', 'only runs started by a user, key, webhook, schedule, run or system')
      .option('--by <user>', 'only runs that this user (an id, or "me") started')
      .option('--repository <name>', 'only runs on this repository')
      .option('--after <time>', 'only runs made at this day (UTC) or time, or later')
      .option('--before <time>', 'only runs made before this day (UTC) or time')
      .option('--limit <count>', 'runs on a page, 200 at most', '50')
      .option('--cursor <cursor>', 'go on where the page before ended')
      .action(async (options: Record<string, string>) => (await import('../runs.ts')).listRuns(cli, options)),
    [
      'gantry runs list',
      'gantry runs --status failed,dead --by me --after 2026-11-01',
      'gantry runs --search report --limit 10 --json',
    ],
  );
}

function defineAct(command: Command, cli: Cli, act: RunAct, description: string): void {
  withExamples(
    command
      .command(`${act} <id...>`)
      .description(description)
      .action(async (ids: string[]) => (await import('../run-acts.ts')).actOnRuns(cli, ids, act)),
    [`gantry runs ${act} 0198c1b2-3f4a`, `gantry runs ${act} 0198c1b2-3f4a 0198c1b2-77de --json`],
  );
}
