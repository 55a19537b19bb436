import type { Command } from 'commander';
import type { Setting } from '../../config.ts';
import { answer, type Cli } from '../cli.ts';
import { withExamples } from '../help.ts';
import { table } from '../table.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, ['gantry config', 'gantry config check']);
  withExamples(
    command
      .command('show', { isDefault: true })
      .description('Show every setting as it holds, and where it comes from. Secrets are masked.')
      .action(() => show(cli)),
    ['gantry config show', 'gantry config show --json'],
  );
  withExamples(
    command
      .command('check')
      .description('Check the configuration and name every mistake.')
      .action(() => check(cli)),
    ['gantry config check'],
  );
}

async function show(cli: Cli): Promise<void> {
  const { explainConfig, hiddenSettings, variableName } = await import('../../config.ts');
  const settings = explainConfig().map((setting) => ({ ...setting, value: masked(setting, hiddenSettings) }));
  answer(cli, settings, () => {
    const rows = settings.map(({ name, value, source }) => [name, asText(value), source, variableName(name)]);
    return table(['SETTING', 'VALUE', 'FROM', 'VARIABLE'], rows, cli.terminal.columns);
  });
}

async function check(cli: Cli): Promise<void> {
  await cli.config();
  answer(cli, { valid: true }, () => 'The configuration is valid.');
}

/** Keys are not shown at all, addresses without their password. */
function masked({ name, value }: Setting, hidden: readonly string[]): unknown {
  if (value === undefined) return null;
  if (hidden.includes(name)) return '********';
  if (typeof value !== 'string') return value;
  return /url$/i.test(name) ? value.replace(/(:\/\/[^/@]*?:)[^/@]*(?=@)/, '$1********') : value;
}

function asText(value: unknown): string {
  if (value === null) return '-';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
}
