import type { z } from 'zod';
import { GantryError } from '../../../base/errors.ts';
import type { Forge, ForgeCheck } from '../../../resources/ports/forge.ts';
import { readLogTail } from '../log-tail.ts';
import { mostChecks, mostLogs, sumChecks, summaryOf, webLink } from '../sum-checks.ts';
import type { GitLabPlace } from './client.ts';
import { commitStatusReply } from './replies.ts';

type StatusReply = z.output<typeof commitStatusReply>;
const running: ReadonlySet<string> = new Set([
  'created',
  'waiting_for_resource',
  'preparing',
  'pending',
  'running',
  'canceling',
  'scheduled',
]);

/** Jobs of pipelines, and what others said of the commit: GitLab lists both as statuses. */
export function createChecks({ client, name, path }: GitLabPlace): Pick<Forge, 'checks'> {
  const reads = {
    doing: `read the pipelines of ${name}`,
    needs: 'the scope "read_api" or "api" and at least the role Reporter',
  };
  async function logOf({ id }: StatusReply): Promise<string | null> {
    try {
      const { body } = await client.send(reads, ({ get }) =>
        get(`${path}/jobs/${id}/trace`, { asStream: true }),
      );
      return body instanceof ReadableStream ? await readLogTail(body) : null;
    } catch (error) {
      // What others said of the commit is no job. A check without its log is of use still.
      if (error instanceof GantryError && error.code !== 'FORGE_RATE_LIMITED') return null;
      throw error;
    }
  }
  return {
    checks: async (commit) => {
      const place = `${path}/repository/commits/${encodeURIComponent(commit)}/statuses`;
      const found: StatusReply[] = [];
      for await (const each of client.list(reads, place, {}, commitStatusReply)) {
        found.push(each);
        if (found.length >= mostChecks) break;
      }
      const logs = new Map<StatusReply, string | null>();
      for (const each of found.filter((one) => stateOf(one) === 'failed').slice(0, mostLogs))
        logs.set(each, await logOf(each));
      return sumChecks(found.map((each) => toCheck(each, logs.get(each) ?? null)));
    },
  };
}

function stateOf({ status, allow_failure }: StatusReply): ForgeCheck['state'] {
  if (running.has(status)) return 'pending';
  return (status === 'failed' || status === 'canceled') && allow_failure !== true ? 'failed' : 'passed';
}

function toCheck(reply: StatusReply, log: string | null): ForgeCheck {
  return {
    name: reply.name,
    state: stateOf(reply),
    summary: summaryOf(reply.status, reply.description),
    webUrl: webLink(reply.target_url),
    log,
  };
}
