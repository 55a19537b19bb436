import type { Command } from 'commander';
import type { User } from '../../contract/user.ts';
import { answer, type Cli } from '../cli.ts';
import type { Client } from '../client.ts';
import { withExamples } from '../help.ts';

export function define(command: Command, cli: Cli): void {
  withExamples(command, [
    'gantry users',
    'gantry users invite ada@example.org --role member',
    'gantry users link',
  ]);
  const add = (usage: string, description: string, examples: string[]) =>
    withExamples(command.command(usage).description(description), examples);
  withExamples(command.command('list', { isDefault: true }).description('List users and open invitations.'), [
    'gantry users list',
    'gantry users list --json',
  ]).action(async () => (await import('../people.ts')).listUsers(cli));
  add('invite <email>', 'Invite someone; prints the link to hand on.', [
    'gantry users invite ada@example.org --role admin',
  ])
    .option('--role <role>', 'admin, member or viewer', 'member')
    .action((email: string, { role }: { role: string }) => invite(cli, email, role));
  add('role <user> <role>', 'Make someone admin, member or viewer.', [
    'gantry users role ada@example.org viewer',
  ]).action((user: string, role: string) => change(cli, user, { role }, `is ${role} now`));
  add('disable <user>', 'Shut someone out; what is theirs stays.', [
    'gantry users disable ada@example.org',
  ]).action((user: string) => change(cli, user, { disabled: true }, 'is shut out'));
  add('enable <user>', 'Let someone in again.', ['gantry users enable ada@example.org']).action(
    (user: string) => change(cli, user, { disabled: false }, 'may sign in again'),
  );
  add('unlock <user>', 'End a lockout after too many wrong passwords.', [
    'gantry users unlock ada@example.org',
  ]).action((user: string) => act(cli, user, 'unlock', undefined, 'is unlocked'));
  add('password <user>', 'Set a password, typed without echo or given on stdin.', [
    'gantry users password ada@example.org',
    'pass show ada | gantry users password ada@example.org',
  ]).action((user: string) => setPassword(cli, user));
  add('remove <user>', 'Remove someone for good, or take an invitation back.', [
    'gantry users remove ada@example.org --yes',
  ])
    .option('--yes', 'do not ask')
    .action((user: string, { yes }: { yes?: boolean }) => remove(cli, user, yes));
  add(
    'link [user]',
    'Print a link that signs in once, as the first admin; or one by which a user chooses a new password.',
    ['gantry users link', 'gantry users link ada@example.org'],
  ).action((user?: string) => link(cli, user));
  add('sign-out <user>', 'Sign someone out in every browser.', [
    'gantry users sign-out ada@example.org',
  ]).action((user: string) => act(cli, user, 'sign-out', undefined, 'is signed out everywhere'));
}

async function invite(cli: Cli, email: string, role: string): Promise<void> {
  const client = await cli.client();
  const invited = await client.call<{ path: string }>('POST', '/invitations', { email, role });
  const url = await absolute(cli, invited.path);
  answer(cli, { ...invited, url }, () => url);
  if (!cli.flags.json) cli.terminal.note(`Hand this link to ${email}: it lets one person in, once.`);
}

async function change(cli: Cli, text: string, body: unknown, done: string): Promise<void> {
  const { client, user } = await find(cli, text);
  const changed = await client.call<User>('PATCH', `/users/${encodeURIComponent(user.id)}`, body);
  answer(cli, changed, () => `${user.email} ${done}.`);
}

async function act(cli: Cli, text: string, verb: string, body: unknown, done: string): Promise<void> {
  const { client, user } = await find(cli, text);
  await client.call('POST', `/users/${encodeURIComponent(user.id)}/${verb}`, body);
  answer(cli, { id: user.id, email: user.email }, () => `${user.email} ${done}.`);
}

async function setPassword(cli: Cli, text: string): Promise<void> {
  const { readSecret } = await import('../secret-input.ts');
  const password = await readSecret(`New password of ${text}: `);
  await act(cli, text, 'password', { password }, 'has a new password');
}

async function remove(cli: Cli, text: string, yes: boolean | undefined): Promise<void> {
  const { confirm } = await import('../confirm.ts');
  const { findInvitation } = await import('../people.ts');
  const invitation = await findInvitation(await cli.client(), text);
  if (invitation) {
    await (await cli.client()).call('DELETE', `/invitations/${encodeURIComponent(invitation.id)}`);
    return answer(
      cli,
      { id: invitation.id, removed: true },
      () => `The invitation of ${text} is taken back.`,
    );
  }
  const { client, user } = await find(cli, text);
  await confirm(`Remove ${user.email} for good?`, yes);
  await client.call('DELETE', `/users/${encodeURIComponent(user.id)}`);
  answer(cli, { id: user.id, removed: true }, () => `${user.email} is removed.`);
}

async function link(cli: Cli, text: string | undefined): Promise<void> {
  const client = await cli.client();
  const user = text === undefined ? undefined : (await find(cli, text)).user;
  const made = user ? `/users/${encodeURIComponent(user.id)}/sign-in-link` : '/sign-in-links';
  const { path } = await client.call<{ path: string }>('POST', made);
  const url = await absolute(cli, path);
  answer(cli, { url }, () => url);
}

async function find(cli: Cli, text: string): Promise<{ client: Client; user: User }> {
  const { findUser } = await import('../people.ts');
  const client = await cli.client();
  return { client, user: await findUser(client, text) };
}

async function absolute(cli: Cli, path: string): Promise<string> {
  const { findServer } = await import('../server-address.ts');
  const config = await cli.config();
  return new URL(path, config.url ?? config.publicUrl ?? (await findServer(config)).url).href;
}
