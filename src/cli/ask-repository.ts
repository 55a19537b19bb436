import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { GantryError } from '../base/errors.ts';
import type { Repository, RepositoryChoice } from '../contract/repository.ts';
import { isRepositoryAddress, repositoryMeant } from '../contract/repository-address.ts';
import type { Cli } from './cli.ts';
import type { Client } from './client.ts';
import { withLocalBundle, type LocalBundle } from './local-bundle.ts';

/**
 * What `--repo` means: a directory of this machine, which is sent as a bundle (with `committed`, of its last commit); the address of a connected repository, which
 * an admin connects by it if need be; else the name of a connected one.
 */
export async function repositoryChoice(
  cli: Cli,
  client: Client,
  text: string,
  ref: string | undefined,
  committed = false,
): Promise<RepositoryChoice> {
  const at = ref === undefined ? {} : { ref };
  if (isRepositoryAddress(text))
    return { kind: 'connected', name: await connectedName(cli, client, text), ...at };
  if (isPath(text)) return sent(cli, client, text, ref, committed);
  return { kind: 'connected', name: text, ...at };
}

function isPath(text: string): boolean {
  return /^(\.{1,2}|~)?\//.test(text) || text === '.' || text === '..' || existsSync(text);
}

async function sent(
  cli: Cli,
  client: Client,
  path: string,
  ref: string | undefined,
  committed: boolean,
): Promise<RepositoryChoice> {
  const use = async ({ file, root, note }: LocalBundle): Promise<RepositoryChoice> => {
    if (note !== undefined) cli.terminal.note(`gantry: ${note}`);
    const { id } = await client.upload<{ readonly id: string }>('/bundles', file);
    return { kind: 'bundle', bundleId: id, name: (basename(root) || 'repository').slice(0, 200) };
  };
  return withLocalBundle(path, ref, use, committed);
}

async function connectedName(cli: Cli, client: Client, url: string): Promise<string> {
  const { items } = await client.call<{ readonly items: readonly Repository[] }>('GET', '/repositories');
  const same = repositoryMeant(url, items);
  if (same) return same.name;
  try {
    const connected = await client.call<Repository>('POST', '/repositories', { url });
    cli.terminal.note(`gantry: Connected ${connected.name}.`);
    return connected.name;
  } catch (error) {
    if (!(error instanceof GantryError) || error.code !== 'FORBIDDEN') throw error;
    throw new GantryError(
      'FORBIDDEN',
      `The repository is not connected, and your role may not connect it. Ask an admin to run \`gantry repos add ${url}\`.`,
      { cause: error },
    );
  }
}
