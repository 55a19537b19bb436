import type { Logger } from '../../base/logger.ts';
import { instanceSettingsSchema, type InstanceSettings } from '../../contract/settings.ts';
import type { Database } from '../../store/database.ts';
import type { Listener } from '../../store/listen.ts';
import { follow, type Live } from './live.ts';
import { settingsOf, type SettingsOf } from './settings-of.ts';

export interface InstanceSettingsOptions {
  readonly db: Database;
  readonly listener: Listener;
  readonly logger: Logger;
  /** What holds where nothing is set: the configuration's. */
  readonly defaults: InstanceSettings;
  /** Where the defaults come from: a file, a variable, or `default`. */
  readonly sources?: Readonly<Record<string, string>>;
  /** MODEL_UNKNOWN for a model that can't be the default. */
  readonly assertModel?: (model: string) => Promise<void>;
}

/** What the instance is set to, and how it is changed. Who uses a value asks `live.current()` at the time of use. */
export interface InstanceSettingsStore extends SettingsOf<InstanceSettings> {
  readonly live: Live<InstanceSettings>;
}

const scope = { name: 'instance', userId: null };

export async function openInstanceSettings(options: InstanceSettingsOptions): Promise<InstanceSettingsStore> {
  const { db, listener, logger, defaults, sources = {} } = options;
  const store = settingsOf(db, scope, {
    schema: instanceSettingsSchema,
    defaults,
    sources,
    check: checkInstance,
  });
  const live = await follow({
    listener,
    logger,
    concerns: (word) => word === scope.name,
    read: store.read,
  });
  return {
    ...store,
    change: async (change) => {
      const { model } = change.changes;
      if (typeof model === 'string') await options.assertModel?.(model);
      await store.change(change);
      await live.refresh();
    },
    restore: async (restored, change) => {
      await store.restore(restored, change);
      await live.refresh();
    },
    live,
  };
}

function checkInstance(values: InstanceSettings): { path: string; message: string }[] {
  const problems = [];
  if (values.executionWallMs > values.executionWallMsMost) {
    problems.push({
      path: 'executionWallMs',
      message: `must be at most executionWallMsMost, which is ${values.executionWallMsMost}`,
    });
  }
  if (values.executionMemoryBytes > values.executionMemoryBytesMost) {
    problems.push({
      path: 'executionMemoryBytes',
      message: `must be at most executionMemoryBytesMost, which is ${values.executionMemoryBytesMost}`,
    });
  }
  return problems;
}
