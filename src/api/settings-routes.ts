import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { pageOf, pageQuerySchema } from '../contract/problem.ts';
import {
  instanceSettingsPatchSchema,
  instanceSettingsViewSchema,
  noticeSchema,
  settingsRestoreSchema,
  settingsVersionSchema,
} from '../contract/settings.ts';
import type { InstanceSettingsStore } from '../resources/settings/instance-settings.ts';

const tag = 'settings';

/** What admins change while Gantry runs; every process takes it over at once. */
export function settingsRoutes(settings: InstanceSettingsStore): ApiRoute[] {
  return [
    showNotice(settings),
    showSettings(settings),
    changeSettings(settings),
    listVersions(settings),
    restoreVersion(settings),
  ];
}

function showNotice({ live }: InstanceSettingsStore): ApiRoute {
  return route({
    method: 'GET',
    path: '/notice',
    summary: 'Show what everybody is to know',
    tag,
    role: 'viewer',
    replies: { 200: noticeSchema },
    handle: async () => {
      const { notice, intakePaused } = live.current();
      return { body: { notice, intakePaused } };
    },
  });
}

function showSettings(settings: InstanceSettingsStore): ApiRoute {
  return route({
    method: 'GET',
    path: '/settings',
    summary: 'Show the settings of the instance',
    description: 'Each with its default, where that comes from, and who changed it last.',
    tag,
    role: 'admin',
    replies: { 200: instanceSettingsViewSchema },
    handle: async () => ({ body: await settings.view() }),
  });
}

function changeSettings(settings: InstanceSettingsStore): ApiRoute {
  return route({
    method: 'PATCH',
    path: '/settings',
    summary: 'Change settings of the instance',
    description:
      '`version` is the one that the change was made on; CONFLICT when somebody else was faster. Null takes a setting ' +
      'back to its default. Every server and worker takes the change over within a second.',
    tag,
    role: 'admin',
    audit: { keep: ['version', 'changes', 'note'] },
    body: instanceSettingsPatchSchema,
    replies: { 200: instanceSettingsViewSchema },
    handle: async ({ actor, body }) => {
      await settings.change({ ...body, by: actor });
      return { body: await settings.view() };
    },
  });
}

export const historyQuerySchema = pageQuerySchema.extend({
  cursor: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
});

function listVersions(settings: InstanceSettingsStore): ApiRoute {
  return route({
    method: 'GET',
    path: '/settings/history',
    summary: 'List the versions of the settings, the latest first',
    tag,
    role: 'admin',
    query: historyQuerySchema,
    replies: { 200: pageOf(settingsVersionSchema) },
    handle: async ({ query: { cursor, limit } }) => ({
      body: await settings.history({ before: cursor, limit }),
    }),
  });
}

function restoreVersion(settings: InstanceSettingsStore): ApiRoute {
  return route({
    method: 'POST',
    path: '/settings/restore',
    summary: 'Bring an old version of the settings back, as a new one',
    tag,
    role: 'admin',
    audit: { keep: ['version', 'restore', 'note'] },
    body: settingsRestoreSchema,
    replies: { 200: instanceSettingsViewSchema },
    handle: async ({ actor, body: { restore, ...change } }) => {
      await settings.restore(restore, { ...change, by: actor });
      return { body: await settings.view() };
    },
  });
}
