import type { Invitation } from '../contract/invitation.ts';
import type { User } from '../contract/user.ts';
import { GantryError } from '../base/errors.ts';
import { answer, type Cli } from './cli.ts';
import type { Client } from './client.ts';
import { allItems } from './page.ts';
import { table } from './table.ts';

/** Prints users and the invitations that nobody has taken up. */
export async function listUsers(cli: Cli): Promise<void> {
  const client = await cli.client();
  const users = await allItems<User>(client, '/users');
  const invitations = await allItems<Invitation>(client, '/invitations');
  answer(cli, { users, invitations }, () => {
    const people = users.map((user) => [
      user.email,
      user.name,
      user.role,
      user.disabled ? 'disabled' : user.lockedUntil === null ? '' : 'locked',
      user.id,
    ]);
    const invited = invitations
      .filter(({ state }) => state === 'open')
      .map((one) => [one.email, '', one.role, 'invited', one.id]);
    return table(['EMAIL', 'NAME', 'ROLE', 'STATE', 'ID'], [...people, ...invited], cli.terminal.columns);
  });
}

/** The open invitation of this e-mail address, if there is one. */
export async function findInvitation(client: Client, email: string): Promise<Invitation | undefined> {
  const invitations = await allItems<Invitation>(client, '/invitations');
  return invitations.find((one) => one.state === 'open' && one.email.toLowerCase() === email.toLowerCase());
}

/** The user with this id or e-mail address; NOT_FOUND. */
export async function findUser(client: Client, text: string): Promise<User> {
  const wanted = text.toLowerCase();
  const users = await allItems<User>(client, '/users');
  const found = users.find((user) => user.id === text || user.email.toLowerCase() === wanted);
  if (found) return found;
  throw new GantryError('NOT_FOUND', `There is no user "${text}". \`gantry users list\` shows them all.`);
}
