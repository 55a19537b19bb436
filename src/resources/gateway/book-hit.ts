import { newId } from '../../base/ids.ts';
import type { ModelReply } from '../ports/model.ts';
import type { Asking } from './ask-model.ts';
import type { ModelCall } from './gateway.ts';
import { addToDay } from './settle.ts';

/** An answer from the cache costs nothing and touches no budget; it is written down all the same. */
export async function bookHit(
  { db, day }: Pick<Asking, 'db' | 'day'>,
  { payer, owner, purpose }: ModelCall,
  model: string,
  provider: string,
  { tokens }: ModelReply,
  durationMs: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx.query<{ day: string }>(
      `INSERT INTO model_calls (id, run_id, step, ordinal, purpose, model, provider, user_id, repository, status, from_cache,
         input_tokens, output_tokens, usd, duration_ms, day, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'answered', true, $10, $11, 0, $12,
         coalesce($13::date, (now() AT TIME ZONE 'UTC')::date), now())
       RETURNING day::text AS day`,
      [
        newId(),
        payer.runId,
        owner?.step ?? null,
        owner?.ordinal ?? null,
        purpose,
        model,
        provider,
        payer.userId,
        payer.repository,
        tokens.input,
        tokens.output,
        durationMs,
        day() ?? null,
      ],
      'book_hit',
    );
    const came = { status: 'answered', tokens, usd: 0, durationMs, fromCache: true } as const;
    if (row) await addToDay(tx, model, row.day, came);
  });
}
