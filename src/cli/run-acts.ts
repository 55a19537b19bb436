import type { BulkReply } from '../contract/run-bulk.ts';
import { answer, type Cli } from './cli.ts';
import { resolveRunId } from './run-id.ts';
import { actOnRun, doing, type RunAct } from './runs.ts';

/** Cancels, pauses, resumes or retries one run or several, and says of each what came of it; ends with 1 when any was refused. */
export async function actOnRuns(cli: Cli, texts: readonly string[], act: RunAct): Promise<void> {
  const [first, ...others] = texts;
  if (first !== undefined && others.length === 0) return actOnRun(cli, first, act);
  const client = await cli.client();
  const ids: string[] = [];
  for (const text of texts) ids.push(await resolveRunId(client, text));
  const body = { action: act, ids };
  const reply = await client.call<BulkReply>('POST', '/runs/bulk', body);
  answer(cli, reply, () => reply.results.map((result) => lineOf(act, result)).join('\n'));
  if (reply.results.some(({ outcome }) => outcome === 'refused')) process.exitCode = 1;
}

function lineOf(act: RunAct, result: BulkReply['results'][number]): string {
  if (result.outcome === 'refused') return `Refused ${result.id}: ${result.reason}`;
  return act === 'retry' ? `Started ${result.runId ?? ''} for ${result.id}.` : doing(act, result.id);
}
