import { newId } from '../../base/ids.ts';
import { GantryError } from '../../base/errors.ts';
import type { ModelEntry, Models, ModelTest } from '../../contract/model.ts';
import type { Database } from '../../store/database.ts';
import type { OpenGateway } from './create-gateway.ts';
import type { ModelSettings } from './model-settings.ts';

/** What people see of models: which there are, what they cost, what they did, and whether they answer. */
export interface ModelList {
  read(): Promise<Models>;
  /** Asks one model for a word, on the account of whoever asks. What goes wrong is part of the answer. */
  test(model: string, userId: string, signal: AbortSignal): Promise<ModelTest>;
}

interface Sums {
  readonly model: string;
  readonly calls: number;
  readonly failed: number;
  readonly cacheHits: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly usd: number;
  readonly answeredMs: number;
  readonly lastUsedAt: Date;
}

const days = 30;
const mostListed = 200;
const testTokens = 256;
const longestSaid = 200;

export function createModelList(db: Database, gateway: OpenGateway, settings: ModelSettings): ModelList {
  return {
    read: () => read(db, gateway, settings),
    test: (model, userId, signal) => test(db, gateway, model, userId, signal),
  };
}

async function read(db: Database, gateway: OpenGateway, settings: ModelSettings): Promise<Models> {
  const since = new Date(Date.now() - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  const sums = await db.query<Sums>(
    `SELECT model, sum(calls)::float8 AS calls, sum(failed)::float8 AS failed, sum(cache_hits)::float8 AS "cacheHits",
       sum(input_tokens)::float8 AS "inputTokens", sum(output_tokens)::float8 AS "outputTokens", sum(usd) AS usd,
       sum(duration_ms) AS "answeredMs", max(last_used_at) AS "lastUsedAt"
     FROM model_days WHERE day >= $1::date GROUP BY model ORDER BY sum(usd) DESC, sum(calls) DESC LIMIT ${mostListed}`,
    [since],
  );
  const bySum = new Map(sums.map((each) => [each.model, each]));
  const named = [...new Set([...gateway.choice.named(), ...bySum.keys()])];
  const byDefault = gateway.choice.current();
  return {
    default: byDefault,
    fallbacks: [...settings.fallbacks],
    restricted: settings.models.length > 0,
    since,
    providers: await gateway.providers.list(),
    items: await Promise.all(
      named.map((model) => entry(gateway, model, model === byDefault, bySum.get(model))),
    ),
  };
}

async function entry(
  gateway: OpenGateway,
  model: string,
  isDefault: boolean,
  sums: Sums | undefined,
): Promise<ModelEntry> {
  // A string that is no model's is shown as it was configured; asking for it says what is wrong.
  const { price } = await gateway.prices.of(model).catch(() => ({ price: null }));
  const info = await gateway.size(model).catch(() => null);
  const answered = (sums?.calls ?? 0) - (sums?.failed ?? 0);
  return {
    model,
    isDefault,
    contextTokens: info?.contextTokens ?? null,
    price: price?.perMillion ?? null,
    priceFrom: price?.from ?? null,
    calls: sums?.calls ?? 0,
    failed: sums?.failed ?? 0,
    cacheHits: sums?.cacheHits ?? 0,
    inputTokens: sums?.inputTokens ?? 0,
    outputTokens: sums?.outputTokens ?? 0,
    usd: sums?.usd ?? 0,
    meanMs: sums && answered > 0 ? sums.answeredMs / answered : null,
    lastUsedAt: sums?.lastUsedAt.toISOString() ?? null,
  };
}

async function test(
  db: Database,
  gateway: OpenGateway,
  model: string,
  userId: string,
  signal: AbortSignal,
): Promise<ModelTest> {
  const begun = performance.now();
  // No run pays for it; its own rows go with it, what it cost stays in the sums of the day.
  const runId = newId();
  const nothing = { said: null, answeredBy: null, inputTokens: null, outputTokens: null, usd: null };
  try {
    const answer = await gateway.completeOnce({
      model,
      messages: [{ role: 'user', text: 'Answer with the one word: ready' }],
      maxOutputTokens: testTokens,
      turn: 0,
      signal,
      payer: { runId, userId, repository: null, budget: null },
      owner: null,
      purpose: 'test',
    });
    if (answer.kind === 'over-budget') {
      const message = `The budget (${answer.over.scope}, ${answer.over.unit}) does not allow another call.`;
      throw new GantryError('BUDGET_REACHED', message);
    }
    const text = answer.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    const { answeredBy, usd, tokens } = answer;
    const figures = { answeredBy, usd, inputTokens: tokens.input, outputTokens: tokens.output };
    const said = text.slice(0, longestSaid);
    return { model, ok: true, ms: performance.now() - begun, said, ...figures, error: null };
  } catch (thrown) {
    if (!(thrown instanceof GantryError)) throw thrown;
    const error = { code: thrown.code, message: thrown.message };
    return { model, ok: false, ms: performance.now() - begun, ...nothing, error };
  } finally {
    await db.query('DELETE FROM model_calls WHERE run_id = $1', [runId]);
    await db.query(`DELETE FROM budget_counters WHERE scope = 'run' AND subject = $1`, [runId]);
  }
}
