import { setTimeout as pause } from 'node:timers/promises';
import { GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { KeyRotation, Secret, SecretGrant } from '../contract/secret.ts';
import { answer, type Cli } from './cli.ts';
import { allItems, withQuery } from './page.ts';
import { openProgress } from './progress.ts';
import { table } from './table.ts';

export interface ScopeOptions {
  readonly mine?: boolean;
  readonly repository?: string;
}

export interface GrantOptions {
  readonly mine?: boolean;
  readonly to?: string;
  readonly capability?: string;
  readonly everyone?: boolean;
}

export async function setSecret(cli: Cli, name: string, options: ScopeOptions): Promise<void> {
  const { readSecret } = await import('./secret-input.ts');
  const client = await cli.client();
  const value = await readSecret(`Value of ${inert(name)}: `);
  const entry = await client.call<Secret>('PUT', pathOf(name, '', options), { value });
  answer(cli, entry, () => {
    const granted = entry.scope === 'repository' || entry.grants.length > 0;
    const next = granted ? '' : ` No run may use it yet; \`gantry secrets grant ${inert(name)}\` lets runs.`;
    return `Sealed ${inert(name)}.${next}`;
  });
}

export async function listSecrets(cli: Cli): Promise<void> {
  const secrets = await allItems<Secret>(await cli.client(), '/secrets');
  answer(cli, secrets, () => {
    if (secrets.length === 0) return 'No secrets. Seal one with `gantry secrets set NAME`.';
    const rows = secrets.map((secret) => [
      secret.name,
      secret.scope,
      secret.owner,
      grantsOf(secret),
      secret.updatedAt.slice(0, 10),
      secret.lastUsedAt?.slice(0, 10) ?? '-',
    ]);
    return table(['NAME', 'SCOPE', 'OWNER', 'FOR', 'CHANGED', 'USED'], rows, cli.terminal.columns);
  });
}

export async function removeSecret(cli: Cli, name: string, options: ScopeOptions): Promise<void> {
  const client = await cli.client();
  await client.call('DELETE', pathOf(name, '', options));
  answer(cli, { name, removed: true }, () => `Removed ${inert(name)}.`);
}

export async function grantSecret(
  cli: Cli,
  name: string,
  options: GrantOptions,
  act: 'grant' | 'revoke',
): Promise<void> {
  const grant = grantOf(options);
  const entry = await (
    await cli.client()
  ).call<Secret>('POST', pathOf(name, `/${act}`, options.mine ? { mine: true } : {}), { grant });
  answer(cli, entry, () => `${inert(name)} may be used by: ${grantsOf(entry)}.`);
}

/** Begins or goes on, and says how far it is until all is sealed anew. */
export async function rotateKey(cli: Cli, statusOnly: boolean): Promise<void> {
  const client = await cli.client();
  const path = '/secrets/rotation';
  let state = await client.call<KeyRotation>(statusOnly ? 'GET' : 'POST', path);
  const progress = openProgress(cli.terminal.stderr);
  try {
    while (!statusOnly && state.rotation?.finishedAt === null) {
      progress.step(`sealing ${state.total} secrets anew, ${state.remaining} to go`);
      await pause(pollMs);
      state = await client.call<KeyRotation>('GET', path);
    }
  } finally {
    progress.end();
  }
  answer(cli, state, () => describeRotation(state));
}

const pollMs = 200;

function describeRotation({ keyId, total, remaining, unreadable, rotation }: KeyRotation): string {
  const lines = [`${total - remaining} of ${total} secrets are sealed under the master key ${keyId}.`];
  if (rotation?.finishedAt === null)
    lines.push(`A change of the key began ${rotation.startedAt} and is under way.`);
  if (rotation?.finishedAt) {
    lines.push(
      `The key ${rotation.fromKey} was replaced ${rotation.finishedAt}. Backups of before need it; keep it with them, or delete it with them.`,
    );
  }
  if (unreadable > 0) lines.push(`${unreadable} cannot be opened by any key here. Set them again.`);
  return lines.join('\n');
}

function grantOf({ to, capability, everyone }: GrantOptions): SecretGrant {
  if (to !== undefined) return { kind: 'repository', subject: to };
  if (capability !== undefined) return { kind: 'capability', subject: capability };
  if (everyone) return { kind: 'everyone' };
  throw new GantryError(
    'INPUT_INVALID',
    'Say for which runs: --to acme/shop, --capability ask, or --everyone.',
  );
}

function grantsOf({ scope, owner, grants }: Secret): string {
  if (scope === 'repository') return `runs on ${owner}`;
  if (grants.length === 0) return 'no run';
  return grants
    .map((grant) => (grant.kind === 'everyone' ? 'all runs' : `${grant.kind} ${grant.subject}`))
    .join(', ');
}

function pathOf(name: string, act: string, { mine, repository }: ScopeOptions): string {
  const scope = mine ? 'user' : repository === undefined ? 'instance' : 'repository';
  return withQuery(`/secrets/${encodeURIComponent(name)}${act}`, { scope, repository });
}
