import { defineCapability } from '../../kernel/capability.ts';
import type { CapabilityModule, CapabilityResources, CreateCapability } from '../capability-module.ts';
import { earlierRoute } from './earlier-route.ts';
import { execute } from './execute.ts';
import type { Language } from './languages/language.ts';
import { outcomeWords } from './outcome.ts';
import { languages } from './languages/table.ts';
import { beyondHouse, withHouseLimits } from './house-limits.ts';
import { limitsRoute } from './limits-route.ts';
import { entryOf } from './plan.ts';
import { executionRoutes } from './routes.ts';
import { executionInputSchema, executionOutputSchema } from './schema.ts';
import { scriptRoutes } from './scripts/script-routes.ts';
import { neededOf, selectToolchain } from './select.ts';
import { terminalSocket } from './terminal-socket.ts';
import { createToolchains } from './toolchains.ts';
import { fillPools } from './warm-up.ts';

/** Runs untrusted programs in any language that the machine has. */
export const createExecution: CreateCapability = (resources) => createExecutionOf(languages, resources);

/** The same with another table of languages. */
export function createExecutionOf(
  table: readonly Language[],
  resources: CapabilityResources,
): CapabilityModule {
  const { sandboxes, artifacts, nodePath, warm, settings, programModels, logger } = resources;
  const toolchains = createToolchains(sandboxes, table, nodePath);
  const isWarm = (language: string) => warm.count > 0 && warm.languages.includes(language);
  return {
    capability: defineCapability({
      name: 'execution',
      // LANGUAGE_UNKNOWN passes through the check of the input, so that nothing is started that can't run.
      input: executionInputSchema
        .superRefine((input, check) => {
          neededOf(table, toolchains.known(), input.language, input.version);
          for (const issue of beyondHouse(input, settings())) check.addIssue({ code: 'custom', ...issue });
        })
        .transform((input) => withHouseLimits(input, languageNamed(table, input.language), settings())),
      output: executionOutputSchema,
      needs: ({ language, version }) => neededOf(table, toolchains.known(), language, version),
      title: (input) => `${input.language} ${entryOf(input)}`,
      outcome: outcomeWords,
      accepts: async ({ models }) => {
        if (models) await programModels().resolve(models);
      },
      run: async (ctx, input) => {
        const toolchain = selectToolchain(await toolchains.find(), input.language, input.version);
        return execute(ctx, input, { sandboxes, artifacts, toolchain, programModels });
      },
    }),
    routes: (kernel, { documents }) => [
      ...executionRoutes(kernel, toolchains, isWarm),
      earlierRoute(kernel),
      limitsRoute(table, settings),
      ...scriptRoutes(kernel, documents),
    ],
    sockets: (kernel) => [terminalSocket(kernel)],
    prepare: async () => {
      await toolchains.find();
    },
    offers: () => toolchains.offers(),
    learn: (offers) => toolchains.learn(offers),
    warmUp: async () => fillPools(sandboxes, await toolchains.find(), warm, logger),
  };
}

function languageNamed(table: readonly Language[], name: string): Language | undefined {
  return table.find((language) => language.name === name || language.aliases.includes(name));
}
