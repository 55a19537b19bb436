import { createHash } from 'node:crypto';
import type { Database } from '../../store/database.ts';
import type { ModelCall } from './gateway.ts';
import type { ModelReply } from '../ports/model.ts';

/**
 * Answers that were paid for once, for the same question of the same person on the same repository: nobody reads what
 * another asked. The model port's reply is kept as it came.
 */
export interface ResponseCache {
  find(model: string, call: ModelCall): Promise<ModelReply | undefined>;
  keep(model: string, call: ModelCall, reply: ModelReply): Promise<void>;
  /** Deletes what has expired, and the oldest beyond the bound of size. Answers how many went. */
  sweep(): Promise<number>;
}

interface CacheBounds {
  /** How long an answer is kept; 0 turns the cache off. */
  readonly keptMs: number;
  readonly mostBytes?: number;
  readonly mostBytesOfOne?: number;
}

const mib = 1024 ** 2;

export function createResponseCache(db: Database, bounds: CacheBounds): ResponseCache {
  const { keptMs, mostBytes = 64 * mib, mostBytesOfOne = mib / 2 } = bounds;
  let keptSinceSweep = 0;

  async function sweep(): Promise<number> {
    keptSinceSweep = 0;
    const gone = await db.query(
      `DELETE FROM model_cache WHERE expires_at < now() OR key IN (
         SELECT key FROM (SELECT key, sum(bytes) OVER (ORDER BY created_at DESC, key) AS total FROM model_cache) AS c
         WHERE total > $1)
       RETURNING key`,
      [mostBytes],
    );
    return gone.length;
  }

  return {
    find: async (model, call) => {
      const wanted = Math.min(call.cacheMs ?? 0, keptMs);
      if (wanted <= 0) return undefined;
      const [row] = await db.query<{ answer: ModelReply }>(
        `SELECT answer FROM model_cache
         WHERE key = $1 AND expires_at > now() AND created_at > now() - $2 * interval '1 millisecond'`,
        [keyOf(model, call), wanted],
        'find_answer',
      );
      return row?.answer;
    },
    keep: async (model, call, reply) => {
      if ((call.cacheMs ?? 0) <= 0 || keptMs <= 0) return;
      if (reply.finish !== 'stop' && reply.finish !== 'tool-calls') return;
      const answer = JSON.stringify(reply);
      const bytes = Buffer.byteLength(answer);
      if (bytes > mostBytesOfOne) return;
      await db.query(
        `INSERT INTO model_cache (key, answer, bytes, expires_at)
         VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond')
         ON CONFLICT (key) DO UPDATE SET answer = $2, bytes = $3, created_at = now(), expires_at = excluded.expires_at`,
        [keyOf(model, call), answer, bytes, keptMs],
        'keep_answer',
      );
      keptSinceSweep += bytes;
      if (keptSinceSweep > mostBytes / 4) await sweep();
    },
    sweep,
  };
}

/** All that the answer depends on, and for whom it is. */
function keyOf(model: string, call: ModelCall): string {
  const {
    messages,
    tools,
    toolChoice,
    outputSchema,
    maxOutputTokens,
    temperature,
    effort,
    script,
    turn,
    agent,
    payer,
  } = call;
  const asked = { messages, tools, toolChoice, outputSchema, maxOutputTokens, temperature, effort };
  const scripted = script === undefined ? {} : { script, turn, agent };
  const scope = [payer.userId, payer.repository];
  return createHash('sha256')
    .update(JSON.stringify([model, scope, asked, scripted]))
    .digest('hex');
}
