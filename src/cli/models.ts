import { errorTable, GantryError } from '../base/errors.ts';
import { inert } from '../base/inert.ts';
import type { ModelEntry, Models, ModelTest } from '../contract/model.ts';
import type { InstanceSettingsView } from '../contract/settings.ts';
import { answer, type Cli } from './cli.ts';
import { dollars } from './dollars.ts';
import { table } from './table.ts';

/** Prints which providers are configured, and the models with prices and sums. */
export async function listModels(cli: Cli): Promise<void> {
  const client = await cli.client();
  const models = await client.call<Models>('GET', '/models');
  answer(cli, models, ({ providers, items }) => {
    const places = providers.map(({ provider, configured, keyFrom, baseUrl, remedy }) => [
      provider,
      configured ? 'ready' : 'not configured',
      configured ? [keyFrom, baseUrl].filter((each) => each !== null).join(', ') : (remedy ?? ''),
    ]);
    const rows = items.map((item) => [
      item.isDefault ? `${item.model} (default)` : item.model,
      priceOf(item),
      String(item.calls),
      String(item.failed),
      String(item.cacheHits),
      String(item.inputTokens + item.outputTokens),
      item.price === null && item.usd === 0 ? '?' : dollars(item.usd),
    ]);
    const head = ['MODEL', '$ PER MILLION IN/OUT', 'CALLS', 'FAILED', 'CACHED', 'TOKENS', 'MONEY'];
    const { columns } = cli.terminal;
    const used =
      rows.length === 0
        ? 'No model is named or was used yet. Choose the default with gantry models use, or name one where you start work.'
        : table(head, rows, columns);
    return `${table(['PROVIDER', 'STATE', 'KEY AND ADDRESS, OR WHAT TO DO'], places, columns)}\n\n${used}`;
  });
}

/** Asks a model for a word, and says how it went. */
export async function testModel(cli: Cli, named: string | undefined): Promise<void> {
  const client = await cli.client();
  const model = named ?? (await client.call<Models>('GET', '/models')).default;
  if (model === null) {
    throw new GantryError(
      'MODEL_UNKNOWN',
      'There is no default model. Name one as provider/name, or choose the default with gantry models use.',
    );
  }
  const tested = await client.call<ModelTest>('POST', '/models/test', { model });
  answer(cli, tested, ({ ok, ms, said, answeredBy, usd, error }) =>
    ok
      ? `${inert(model)} answers after ${Math.round(ms)} ms, as ${inert(answeredBy ?? '')}: ${inert(said ?? '')} (${usd === null ? 'its price is not known' : dollars(usd)})`
      : `${inert(model)} does not answer: ${inert(error?.message ?? '')}`,
  );
  if (!tested.ok) process.exitCode = exitOf(tested.error?.code);
}

/** Makes a model the default of the instance, for all that begins from now on. */
export async function useModel(cli: Cli, model: string): Promise<void> {
  const client = await cli.client();
  const { version } = await client.call<InstanceSettingsView>('GET', '/settings');
  const body = { version, changes: { model } };
  const { values } = await client.call<InstanceSettingsView>('PATCH', '/settings', body);
  answer(cli, { model: values.model }, () => `${inert(model)} is the default now, everywhere.`);
}

function priceOf({ price, priceFrom }: ModelEntry): string {
  if (price === null) return 'unknown';
  if (price.input === 0 && price.output === 0) return 'free';
  return `${price.input}/${price.output}${priceFrom === 'setting' ? ' (set)' : ''}`;
}

function exitOf(code: string | undefined): number {
  const row = Object.entries(errorTable).find(([name]) => name === code)?.[1];
  return row?.exit ?? 1;
}
