import { ensureRuntime } from '../../base/runtime.ts';
import type { Egress } from '../egress/egress.ts';
import { ensureShim, type Shim } from '../egress/shim.ts';
import type { Gateway } from './gateway.ts';
import { openProgramDoor, type ProgramDoor, type ProgramDoorOptions } from './program-door.ts';

/** What a caller says of a door; the rest is the same for all. */
export type ProgramUse = Omit<ProgramDoorOptions, 'egress' | 'shim' | 'gateway'>;

/** The models for programs in sandboxes. */
export interface ProgramModels {
  /** The model strings that these names mean, `default` included, each once. MODEL_UNKNOWN for one that may not be used here. */
  resolve(models: readonly string[]): Promise<readonly string[]>;
  /** Opens a door for the programs of one run. */
  open(use: ProgramUse): Promise<ProgramDoor>;
  /** What the run's calls have cost so far. */
  spent: Gateway['spent'];
}

/** Doors of this process. What a program needs beside its own files is put below the data directory at first use. */
export function createProgramModels(parts: {
  readonly dataDir: string;
  readonly egress: Pick<Egress, 'open'>;
  readonly gateway: Gateway;
}): ProgramModels {
  const { dataDir, egress, gateway } = parts;
  let made: Promise<Shim> | undefined;
  const makeShim = async () => ensureShim({ dataDir, ...(await ensureRuntime({ dataDir })) });
  return {
    resolve: async (models) => {
      const named = models.map((model) => (model === 'default' ? gateway.defaultModel() : model));
      for (const model of named) await gateway.info(model);
      return [...new Set(named)];
    },
    open: async (use) => {
      made ??= makeShim().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return openProgramDoor({ ...use, egress, gateway, shim: await made });
    },
    spent: gateway.spent,
  };
}
