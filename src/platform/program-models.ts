import { GantryError } from '../base/errors.ts';
import type { Config } from '../config.ts';
import { createEgress } from '../resources/egress/egress.ts';
import type { Gateway } from '../resources/gateway/gateway.ts';
import { createProgramModels, type ProgramModels } from '../resources/gateway/program-models.ts';

/** The models for programs in sandboxes, for capabilities that are made before the store is open. */
export interface LateProgramModels {
  /** INTERNAL before it was opened. */
  readonly get: () => ProgramModels;
  open(config: Config, gateway: Gateway, started: AsyncDisposableStack): void;
}

export function lateProgramModels(): LateProgramModels {
  let there: ProgramModels | undefined;
  return {
    get: () => {
      if (there) return there;
      throw new GantryError('INTERNAL', 'Models were asked for before the start was over. Try again.');
    },
    open: ({ dataDir }, gateway, started) => {
      const egress = createEgress({ dataDir });
      started.defer(() => egress.close());
      there = createProgramModels({ dataDir, egress, gateway });
    },
  };
}
