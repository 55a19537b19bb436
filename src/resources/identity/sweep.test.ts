import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, withReplicas } from '../../../test/support/identity.ts';
import { sweep } from './sweep.ts';

test('what has run out is removed, and nothing else', () =>
  withReplicas(async (open) => {
    const { identity, database } = await open();
    const password = 'correct horse battery';
    const user = await identity.users.create({
      name: 'Ada',
      email: 'ada@example.com',
      role: 'member',
      password,
    });
    const signIn = (typed: string, email = user.email) =>
      identity.handle(post('/sign-in/email', { email, password: typed }), '');
    const fill = async (email: string) => {
      await signIn(password);
      await identity.links.create();
      await identity.invitations.create({ email, role: 'viewer', invitedBy: user.id });
      await assert.rejects(signIn('wrong password', email));
    };
    await fill('old@example.com');
    await database.query(`UPDATE sign_ins SET expires_at = now() - interval '1 second'`);
    await database.query(`UPDATE sign_in_links SET expires_at = now() - interval '25 hours'`);
    await database.query(`UPDATE invitations SET expires_at = now() - interval '31 days'`);
    await database.query(`UPDATE lockouts SET last_at = now() - interval '16 minutes'`);
    await fill('new@example.com');
    await sweep(database);
    for (const table of ['sign_ins', 'sign_in_links', 'invitations', 'lockouts']) {
      assert.equal((await database.query(`SELECT FROM ${table}`)).length, 1, table);
    }
  }));
