import { readFile } from 'node:fs/promises';
import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { Repository } from '../contract/repository.ts';
import { answer, type Cli } from './cli.ts';
import { confirm } from './confirm.ts';
import { allItems } from './page.ts';
import { table } from './table.ts';

export interface AddOptions {
  readonly name?: string;
  readonly forge?: string;
  readonly token?: boolean;
  readonly sshKey?: string;
  readonly knownHosts?: string;
}

export interface RemoveOptions {
  readonly yes?: boolean;
}

export async function listRepositories(cli: Cli): Promise<void> {
  const repositories = await allItems<Repository>(await cli.client(), '/repositories');
  answer(cli, repositories, () => {
    if (repositories.length === 0) return 'No repositories. Connect one with `gantry repos add acme/shop`.';
    const rows = repositories.map((one) => [
      one.name,
      one.forge,
      one.status,
      one.auth,
      one.defaultBranch ?? '-',
      one.url,
    ]);
    const problems = repositories.flatMap(({ name, problem }) =>
      problem === null ? [] : [`${inert(name)}: ${inert(problem)}`],
    );
    const list = table(['NAME', 'FORGE', 'STATE', 'BY', 'BRANCH', 'ADDRESS'], rows, cli.terminal.columns);
    return [list, ...problems].join('\n');
  });
}

export async function addRepository(cli: Cli, address: string, options: AddOptions): Promise<void> {
  const client = await cli.client();
  const { name, forge } = options;
  const [token, sshKey, knownHosts] = [
    options.token ? await readToken(address) : undefined,
    await fileOf(options.sshKey),
    await fileOf(options.knownHosts),
  ];
  const body = { url: address, name, forge, token, sshKey, knownHosts };
  const added = await client.call<Repository>('POST', '/repositories', body);
  answer(cli, added, () => `Connected ${inert(added.name)}.${stateOf(added)}`);
}

export async function checkRepository(cli: Cli, name: string): Promise<void> {
  const client = await cli.client();
  const found = await client.call<Repository>('POST', `${pathOf(name)}/check`);
  answer(cli, found, () => `${inert(found.name)}: ${found.status}.${stateOf(found)}`);
}

export async function replaceToken(cli: Cli, name: string): Promise<void> {
  const client = await cli.client();
  const found = await client.call<Repository>('PUT', `${pathOf(name)}/token`, {
    token: await readToken(name),
  });
  answer(cli, found, () => `${inert(found.name)} has its new token.${stateOf(found)}`);
}

export async function removeRepository(cli: Cli, name: string, { yes }: RemoveOptions): Promise<void> {
  const client = await cli.client();
  const { name: known } = await client.call<Repository>('GET', pathOf(name));
  await confirm(`Remove ${inert(known)} with its secrets? Its runs stay.`, yes);
  await client.call('DELETE', pathOf(known));
  answer(cli, { name: known, removed: true }, () => `Removed ${inert(known)}.`);
}

async function readToken(address: string): Promise<string> {
  const { readSecret } = await import('./secret-input.ts');
  return readSecret(`Token for ${inert(address)}: `);
}

async function fileOf(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GantryError('INPUT_INVALID', `The file ${inert(path)} cannot be read.`, { cause });
  });
}

function stateOf({ problem }: Repository): string {
  return problem === null ? '' : ` ${inert(problem)}`;
}

function pathOf(name: string): string {
  return `/repositories/${encodeURIComponent(name)}`;
}
