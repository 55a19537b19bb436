import { createSystem, type System } from '../../src/kernel/system/system.ts';
import type { Database } from '../../src/store/database.ts';

/** What the house knows of itself, by limits that a test can do with. */
export function testSystem(
  db: Database,
  some: { maxQueued?: number; retentionDays?: number; paused?: boolean } = {},
): System {
  return createSystem({
    db,
    databaseKind: 'external',
    caps: () => ({ running: 100, perUser: 50, perRepository: 4, perCapability: {}, agingSeconds: 60 }),
    maxQueued: () => some.maxQueued ?? 1000,
    retentionDays: () => some.retentionDays ?? 30,
    paused: () => some.paused ?? false,
  });
}
