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
  // What stands behind the place of a server of tools is often a key: in its query, path or arguments.
  if (name === 'mcpServers' && Array.isArray(value)) return value.map((entry) => placeOf(String(entry)));
  if (Array.isArray(value)) return value.map((entry) => withoutPassword(String(entry)));
  return typeof value === 'string' ? withoutPassword(value) : value;
}

function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^/@\s]*?:)[^/@\s]*(?=@)/, '$1********');
}

function placeOf(entry: string): string {
  const [, name = '', what = ''] = /^([^=]*)=(.*)$/s.exec(entry) ?? [];
  const url = /^https?:/.test(what) ? URL.parse(what) : null;
  if (!url) return `${name}=${what.trim().split(/\s/, 1)[0] ?? ''}${/\S\s+\S/.test(what) ? ' ********' : ''}`;
  return `${name}=${url.origin}${url.pathname.length > 1 || url.search ? '/********' : '/'}`;
}

function asText(value: unknown): string {
  if (value === null) return '-';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return String(value);
}
