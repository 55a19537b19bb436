import { route, type ApiRoute } from '../contract/api.ts';
import { pageOf } from '../contract/problem.ts';
import {
  settingsRestoreSchema,
  settingsVersionSchema,
  userSettingsPatchSchema,
  userSettingsViewSchema,
  type UserSettings,
} from '../contract/settings.ts';
import type { SettingsOf } from '../resources/settings/settings-of.ts';
import { historyQuerySchema } from './settings-routes.ts';

const tag = 'settings';

type OfUser = (userId: string) => SettingsOf<UserSettings>;

/** What each person sets for themselves. */
export function mySettingsRoutes(settingsOf: OfUser): ApiRoute[] {
  return [
    showMine(settingsOf),
    changeMine(settingsOf),
    listMyVersions(settingsOf),
    restoreMyVersion(settingsOf),
  ];
}

function showMine(settingsOf: OfUser): ApiRoute {
  return route({
    method: 'GET',
    path: '/me/settings',
    summary: 'Show one’s own settings',
    tag,
    role: 'viewer',
    replies: { 200: userSettingsViewSchema },
    handle: async ({ actor }) => ({ body: await settingsOf(actor.userId).view() }),
  });
}

function changeMine(settingsOf: OfUser): ApiRoute {
  return route({
    method: 'PATCH',
    path: '/me/settings',
    summary: 'Change one’s own settings',
    description:
      'Null takes a setting back to its default. Without `version`, the change goes onto whatever is there.',
    tag,
    role: 'viewer',
    audit: { keep: ['changes'] },
    body: userSettingsPatchSchema,
    replies: { 200: userSettingsViewSchema },
    handle: async ({ actor, body }) => {
      const settings = settingsOf(actor.userId);
      await settings.change({ ...body, by: actor });
      return { body: await settings.view() };
    },
  });
}

function listMyVersions(settingsOf: OfUser): ApiRoute {
  return route({
    method: 'GET',
    path: '/me/settings/history',
    summary: 'List the versions of one’s own settings, the latest first',
    tag,
    role: 'viewer',
    query: historyQuerySchema,
    replies: { 200: pageOf(settingsVersionSchema) },
    handle: async ({ actor, query: { cursor, limit } }) => ({
      body: await settingsOf(actor.userId).history({ before: cursor, limit }),
    }),
  });
}

function restoreMyVersion(settingsOf: OfUser): ApiRoute {
  return route({
    method: 'POST',
    path: '/me/settings/restore',
    summary: 'Bring an old version of one’s own settings back, as a new one',
    tag,
    role: 'viewer',
    audit: { keep: ['version', 'restore'] },
    body: settingsRestoreSchema,
    replies: { 200: userSettingsViewSchema },
    handle: async ({ actor, body: { restore, ...change } }) => {
      const settings = settingsOf(actor.userId);
      await settings.restore(restore, { ...change, by: actor });
      return { body: await settings.view() };
    },
  });
}
