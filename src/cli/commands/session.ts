import { Option, type Command } from 'commander';
import { skippablePhases } from '../../capabilities/coding/schema.ts';
import { modelEfforts } from '../../contract/model.ts';
import type { Cli } from '../cli.ts';
import { collect, withExamples } from '../help.ts';
import type { FollowUpOptions, ResumeOptions } from '../session/session-records.ts';
import type { SessionOptions } from '../session/session-options.ts';

const notes = `
Agrees with you on goal and plan, writes each step, proves it with the repository's own checks, commits what passes and
opens a pull request. How it goes is shown on stderr, the commits and the pull request on stdout. What it asks is answered
here on a terminal, in the inbox, or with \`gantry session resume\`. Ctrl-C cancels the session; with --detach it is left to
itself. A repository of this machine is sent as a bundle of its last commit; the work comes back as the branch
gantry/<id>, and nothing is checked out.

Exit code: 0 when it came to its end, also when you rejected it; 65 when it stopped short; 130 when it was cancelled;
else the code of the error (docs/errors.md).`;

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry session --repo . --goal "Totals include the discount"',
    'gantry session start --help',
    'gantry session show 0198c1b2-3f4a',
  ]);
  defineStart(command, cli);
  withExamples(
    command
      .command('show <id>')
      .description('Show where a session stands: goal, plan, steps, commits, what it asks.')
      .action(async (id: string) => (await records()).showSession(cli, id)),
    ['gantry session show 0198c1b2-3f4a', 'gantry session show 0198c1b2-3f4a --json'],
  );
  withExamples(
    command
      .command('history <id>')
      .description('Show the states that a session had, and who decided what.')
      .action(async (id: string) => (await records()).showHistory(cli, id)),
    ['gantry session history 0198c1b2-3f4a'],
  );
  defineActs(command, cli);
}

function defineStart(session: Command, cli: Cli): void {
  const command = session
    .command('start', { isDefault: true })
    .description('Start a session and watch it; `gantry session` with these options is the same.')
    .option(
      '--repo <repository>',
      'a path, an address, or the name of a connected repository; here without it',
    )
    .option('--goal <text>', 'what is to be different; - reads it from stdin, @FILE from a file')
    .option('--goal-file <file>', 'the goal as a file')
    .option('--base <branch>', 'what the pull request is for; the default branch without it')
    .option('--model <model>', 'provider/name, or scripted:FILE to follow a script')
    .option('--fallback <model>', 'asked when the one before gives no answer (repeat)', collect, [])
    .addOption(new Option('--effort <effort>', 'how much the model should think').choices(modelEfforts))
    .option('--auto', 'ask nothing but what must not happen without a person')
    .option('--skip <phases>', `do without: ${skippablePhases.join(', ')} (commas, or repeat)`, collect, [])
    .option('--draft', 'open the pull request as a draft')
    .option('--follow-up', 'stay with the pull request: answer reviews, mend failing CI')
    .option('--budget <usd>', 'how many US dollars it may spend before it asks')
    .option('--tokens <count>', 'how many tokens its models may use before it asks')
    .option('--time <duration>', 'how long it may work before it asks, as in 2h')
    .option('--turns <count>', 'how many turns each try of a step may take')
    .option('--retries <count>', 'how often a step that does not pass is tried again; 3 without it')
    .option('--confirm [which]', 'ask before it runs commands, or before "everything" it does')
    .option('--issue <number>', 'the issue of the forge that it is about')
    .option('--repository-tools', 'let the MCP servers that the repository names work in the sandbox')
    .option('--detach', 'start it, print its id, and leave')
    .option('--attach <session>', 'show one that was started before, instead of starting one')
    .addHelpText('after', notes)
    .action(async (options: SessionOptions) => {
      const { session: work } = await import('../session.ts');
      process.exitCode = await work(cli, options);
    });
  withExamples(command, [
    'gantry session --repo . --goal "Totals include the discount"',
    'gantry session --repo acme/shop --base main --goal @goal.md --budget 5 --draft',
    'gantry session --repo git@github.com:acme/shop.git --goal "Fix #12" --issue 12 --auto --detach',
    'gantry session start --goal "Fix the typo in README" --skip goal,plan --model scripted:session.yaml',
    'gantry session --attach 0198c1b2-3f4a',
  ]);
}

function defineActs(command: Command, cli: Cli): void {
  withExamples(
    command
      .command('resume <id> <decision>')
      .description(
        'Answer what a session asks. Goal: accept, refine, reject. Plan: approve, modify, reject. A step that fails: retry, accept, skip, stop.',
      )
      .option('--feedback <text>', 'what should be different, in your words')
      .option('--plan <file>', 'the plan as you have edited it, as JSON; - reads it from stdin')
      .option('--question <name>', 'which question is meant, where several wait')
      .action(async (id: string, decision: string, options: ResumeOptions) =>
        (await records()).resumeSession(cli, id, decision, options),
      ),
    [
      'gantry session resume 0198c1b2-3f4a accept',
      'gantry session resume 0198c1b2-3f4a refine --feedback "Taxes are part of it"',
      'gantry session resume 0198c1b2-3f4a approve --plan plan.json',
    ],
  );
  withExamples(
    command
      .command('follow-up <id>')
      .description('Look once more after the pull request of a session that is over, while it is open.')
      .option('--no-comments', 'leave review comments alone')
      .option('--no-checks', 'leave failing CI alone')
      .option('--attempts <count>', 'how often it tries before it asks a person')
      .option('--hours <count>', 'how long it watches')
      .option('--budget <usd>', 'how many US dollars it may spend before it asks')
      .action(async (id: string, options: FollowUpOptions) => (await records()).followUp(cli, id, options)),
    [
      'gantry session follow-up 0198c1b2-3f4a',
      'gantry session follow-up 0198c1b2-3f4a --no-checks --hours 8',
    ],
  );
  withExamples(
    command
      .command('diff <id>')
      .description('Print what a session changes, as a patch.')
      .option('--step <step>', 'of this step of its plan only, by its id')
      .action(async (id: string, options: { step?: string }) =>
        (await records()).printDiff(cli, id, options),
      ),
    ['gantry session diff 0198c1b2-3f4a', 'gantry session diff 0198c1b2-3f4a --step s1 | git apply'],
  );
  withExamples(
    command
      .command('fetch <id>')
      .description(
        'Bring the branch of a session on a local repository back into it; nothing is checked out.',
      )
      .option('--repo <path>', 'the repository', '.')
      .action(async (id: string, options: { repo: string }) =>
        (await records()).fetchSession(cli, id, options),
      ),
    ['gantry session fetch 0198c1b2-3f4a --repo ~/shop'],
  );
}

function records() {
  return import('../session/session-records.ts');
}
