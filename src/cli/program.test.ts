import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import type { Command } from 'commander';
import { gantry } from '../../test/support/command-line.ts';
import { catalogue } from './catalogue.ts';
import { createCli } from './cli.ts';
import { completionScripts } from './completions.ts';
import { allCommands, buildProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

let program: Command;
before(async () => {
  program = await buildProgram(createCli(openTerminal()), () => true);
});

/** `runs follow` */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}`.trim() : '';
}

/** What `--help` prints, examples included. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (piece) => void (text += piece) }).outputHelp();
  return text;
}

describe('help', () => {
  test('every command says what it does and shows an example of itself', () => {
    const commands = allCommands(program);
    assert.ok(commands.length > 30);
    for (const command of commands) {
      const [, examples] = helpOf(command).split('\nExamples:\n');
      assert.ok(command.description(), `${pathOf(command)} has no description`);
      assert.match(
        examples ?? '',
        new RegExp(`gantry ${pathOf(command)}`),
        `${pathOf(command)} has no example`,
      );
    }
  });

  test('the list of commands comes without loading them, and fits a narrow terminal', async () => {
    const { code, stdout } = await gantry(['--help']);
    assert.equal(code, 0);
    for (const { name } of catalogue) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
    assert.deepEqual(await gantry([]), { code: 0, stdout, stderr: '' });
  });

  test('a command that is wrongly used ends with 2 and says where help is, in one line', async () => {
    const cases: readonly [args: string[], stderr: RegExp][] = [
      [['bogus'], /^gantry: unknown command 'bogus'.* See gantry --help\.\n$/],
      [['rus'], /Did you mean runs\?/],
      [['runs', '--bogus'], /^gantry: unknown option '--bogus'.* See gantry runs --help\.\n$/],
      [['keys', 'create'], /^gantry: required option '--name <name>' not specified.*\n$/],
      [['runs', 'show'], /^gantry: missing required argument 'id'.*\n$/],
      [
        ['completions', 'tcsh'],
        /^gantry: There are no completions for "tcsh"; there are: bash, zsh, fish\.\n$/,
      ],
    ];
    const results = await Promise.all(cases.map(([args]) => gantry(args)));
    for (const [at, [args, stderr]] of cases.entries()) {
      assert.equal(results[at]?.code, 2, args.join(' '));
      assert.match(results[at]?.stderr ?? '', stderr);
      assert.equal(results[at]?.stdout, '');
    }
  });
});

describe('completions', () => {
  for (const shell of Object.keys(completionScripts)) {
    test(`those of ${shell} hold every command and option`, async () => {
      const { code, stdout } = await gantry(['completions', shell]);
      assert.equal(code, 0);
      for (const command of allCommands(program).slice(1))
        assert.ok(stdout.includes(command.name()), pathOf(command));
      for (const option of allCommands(program).flatMap((command) => command.options)) {
        assert.ok(stdout.includes(option.long?.slice(2) ?? ''), option.flags);
      }
    });

    test(`${shell} takes them without complaint`, async (t) => {
      if (spawnSync(shell, ['-c', 'true']).error) return t.skip(`${shell} is not installed`);
      const { stdout } = await gantry(['completions', shell]);
      const preamble = shell === 'zsh' ? 'autoload -Uz compinit && compinit -u -D;' : '';
      const result = spawnSync(shell, ['-c', `${preamble}${stdout}`], { encoding: 'utf8' });
      assert.equal(result.stderr, '');
      assert.equal(result.status, 0);
    });
  }

  test('zsh is offered subcommands and options with what they do', async (t) => {
    if (spawnSync('zsh', ['-c', 'true']).error) return t.skip('zsh is not installed');
    const { stdout } = await gantry(['completions', 'zsh']);
    // Outside of its line editor zsh has none of these.
    const stand = 'compdef() { : }; _describe() { print -l -- "${(P@)2}" }';
    const script = `${stand}\n${stdout}\nwords=(gantry --json runs f); CURRENT=4; _gantry`;
    const { stdout: offered, stderr } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.match(offered, /^follow:Show what happens/m);
    assert.match(offered, /^--debug:/m);
    assert.doesNotMatch(offered, /^exec:/m);
  });

  const completed = async (...words: string[]) => {
    const { stdout } = await gantry(['completions', 'bash']);
    const line = ['gantry', ...words].map((word) => `'${word}'`).join(' ');
    const script = `${stdout}\nCOMP_WORDS=(${line}) COMP_CWORD=${words.length}; _gantry; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/usr' })
      .stdout.split('\n')
      .filter(Boolean);
  };

  test('bash completes commands, subcommands, options and files', async () => {
    assert.deepEqual(await completed('ru'), ['runs']);
    assert.deepEqual(await completed('runs', 'f'), ['follow', 'files', 'fork']);
    assert.deepEqual(await completed('runs', '--json', 'fork', '--fr'), ['--from']);
    assert.deepEqual(await completed('exec', 'bi'), ['bin']);
    assert.ok((await completed('exec', '--')).includes('--limit'));
  });
});
