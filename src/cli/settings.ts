import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { InstanceSettingsView, SettingsVersion } from '../contract/settings.ts';
import { answer, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { allItems } from './page.ts';
import { table } from './table.ts';

export async function listSettings(cli: Cli): Promise<void> {
  const view = await read(await cli.client());
  answer(cli, view, () => settingsTable(cli, view));
}

function settingsTable(cli: Cli, view: InstanceSettingsView): string {
  const defaults: Readonly<Record<string, unknown>> = view.defaults;
  const rows = Object.entries(view.values).map(([name, value]) => {
    const last = view.changed[name];
    return [
      name,
      shown(value),
      name in view.overrides ? 'set here' : (view.sources[name] ?? 'default'),
      shown(defaults[name]),
      last ? `${last.at.slice(0, 10)} by ${last.by.name}` : '-',
    ];
  });
  return table(['SETTING', 'VALUE', 'FROM', 'DEFAULT', 'CHANGED'], rows, cli.terminal.columns);
}

/** On the version that is there now: who changes settings by hand means whatever is there. */
export async function setSettings(
  cli: Cli,
  pairs: readonly string[],
  note: string | undefined,
): Promise<void> {
  const client = await cli.client();
  const view = await read(client);
  const changes = Object.fromEntries(pairs.map((pair) => parsePair(pair, view)));
  const body = { version: view.version, changes, ...(note !== undefined && { note }) };
  const changed = await client.call<InstanceSettingsView>('PATCH', '/settings', body);
  answer(cli, changed, () => saying(view, changed));
}

export async function listVersions(cli: Cli): Promise<void> {
  const versions = await allItems<SettingsVersion>(await cli.client(), '/settings/history');
  answer(cli, versions, () => {
    if (versions.length === 0) return 'Nothing was changed yet. Change something with `gantry settings set`.';
    const rows = versions.map(({ version, at, by, note, changes }) => [
      String(version),
      at.slice(0, 16).replace('T', ' '),
      by.name,
      changes.map(({ key, from, to }) => `${key}: ${shown(from)} to ${shown(to)}`).join(', '),
      note,
    ]);
    return table(['VERSION', 'WHEN', 'WHO', 'WHAT', 'WHY'], rows, cli.terminal.columns);
  });
}

export async function restoreSettings(cli: Cli, text: string, note: string | undefined): Promise<void> {
  if (!/^\d{1,9}$/.test(text)) {
    throw new GantryError(
      'INPUT_INVALID',
      `A version is a number, not "${inert(text)}". See gantry settings history.`,
    );
  }
  const client = await cli.client();
  const view = await read(client);
  const body = { version: view.version, restore: Number(text), ...(note !== undefined && { note }) };
  const changed = await client.call<InstanceSettingsView>('POST', '/settings/restore', body);
  answer(cli, changed, () => saying(view, changed));
}

function read(client: Client): Promise<InstanceSettingsView> {
  return client.call<InstanceSettingsView>('GET', '/settings');
}

/** `maxQueued=200` as the API takes it: the kind of value is that of the present one. */
function parsePair(pair: string, view: InstanceSettingsView): [name: string, value: unknown] {
  const at = pair.indexOf('=');
  const [name, text] = [pair.slice(0, at), pair.slice(at + 1)];
  const present = Object.entries(view.values).find(([known]) => known === name)?.[1];
  if (at < 0 || present === undefined) {
    const known = Object.keys(view.values).join(', ');
    throw new GantryError(
      'INPUT_INVALID',
      `"${inert(pair)}" sets nothing. Write name=value; there is ${known}.`,
    );
  }
  if (text === '') return [name, null];
  if (typeof present === 'boolean') return [name, text === 'true' ? true : text === 'false' ? false : text];
  return [name, typeof present === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text];
}

function saying(before: InstanceSettingsView, after: InstanceSettingsView): string {
  if (before.version === after.version) return 'That is so already; nothing was changed.';
  return `Version ${after.version} holds everywhere now.`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'default';
  return value === '' ? 'none' : String(value);
}
