import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withKernel } from '../../test/support/with-kernel.ts';

test('no table has the same index twice, which every write would pay for', () =>
  withKernel({ capabilities: [] }, async ({ db }) => {
    const rows = await db.query<{ indexes: string[] }>(
      `SELECT array_agg(indexrelid::regclass::text ORDER BY 1) AS indexes FROM pg_index
       JOIN pg_class ON pg_class.oid = indrelid AND relnamespace = 'public'::regnamespace
       GROUP BY indrelid, indkey::text, indclass::text, indisunique, coalesce(pg_get_expr(indpred, indrelid), ''),
         coalesce(pg_get_expr(indexprs, indrelid), '')
       HAVING count(*) > 1`,
    );
    assert.deepEqual(rows, []);
  }));
