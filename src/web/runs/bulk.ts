import type { BulkReply, BulkRequest } from '../../contract/run-bulk.ts';
import { newKey, post } from '../api/client.ts';

/** As many as the server takes at once; a test compares the two. */
export const mostAtOnce = 200;

/** What came of an act on several runs. */
export interface BulkOutcome {
  readonly action: 'cancel' | 'retry';
  readonly done: number;
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/** Acts on the named runs and says of each what came of it. Sent again by the browser, it does nothing twice. */
export async function actOn(action: 'cancel' | 'retry', ids: readonly string[]): Promise<BulkOutcome> {
  const body: BulkRequest = { action, ids: [...ids] };
  const { results } = await post<BulkReply>('/runs/bulk', body, { idempotencyKey: newKey() });
  return {
    action,
    done: results.filter(({ outcome }) => outcome === 'done').length,
    refused: results.flatMap((result) =>
      result.outcome === 'refused' ? [{ id: result.id, reason: result.reason }] : [],
    ),
  };
}
