import type { z } from 'zod';
import { GantryError } from '../../../base/errors.ts';
import type { Forge, ForgeCheck } from '../../../resources/ports/forge.ts';
import { assertPages } from '../explain.ts';
import { readLogTail } from '../log-tail.ts';
import { mostChecks, mostLogs, sumChecks, summaryOf, webLink } from '../sum-checks.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { checkRunsReply, commitStatusReply, type checkRunReply } from './replies.ts';

const root = '/repos/{owner}/{repo}';
type CheckRun = z.output<typeof checkRunReply>;
const failures: ReadonlySet<string> = new Set([
  'failure',
  'timed_out',
  'cancelled',
  'action_required',
  'startup_failure',
  'stale',
]);

/** Check runs, and the commit statuses of who has no check runs. */
export function createChecks({ client, at, name }: GitHubPlace): Pick<Forge, 'checks'> {
  const reads: GitHubAct = {
    doing: `read the checks of ${name}`,
    needs: 'the permissions "Checks: read" and "Commit statuses: read"',
    purpose: 'read',
  };
  async function runsOf(commit: string): Promise<CheckRun[]> {
    const found: CheckRun[] = [];
    for (let page = 1; ; page += 1) {
      assertPages(page, name, reads);
      const parameters = { ...at, ref: commit, per_page: 100, page };
      const route = `GET ${root}/commits/{ref}/check-runs`;
      const reply = await client.ask(reads, route, parameters, checkRunsReply);
      found.push(...reply.check_runs);
      if (reply.check_runs.length === 0 || found.length >= Math.min(mostChecks, reply.total_count))
        return found;
    }
  }
  async function statusesOf(commit: string): Promise<ForgeCheck[]> {
    const latest = new Map<string, ForgeCheck>();
    const route = `GET ${root}/commits/{ref}/statuses`;
    let seen = 0;
    for await (const each of client.list(reads, route, { ...at, ref: commit }, commitStatusReply)) {
      // The latest first, and all that came before it too.
      if (!latest.has(each.context)) latest.set(each.context, fromStatus(each));
      if ((seen += 1) >= 10 * mostChecks) break;
    }
    return [...latest.values()];
  }
  async function logOf({ id, app }: CheckRun): Promise<string | null> {
    if (app?.slug !== 'github-actions') return null;
    const act = { ...reads, doing: `read a log of ${name}`, needs: 'the permission "Actions: read"' };
    try {
      const route = `GET ${root}/actions/jobs/{job_id}/logs`;
      return await readLogTail(await client.stream(act, route, { ...at, job_id: id }, { leaves: true }));
    } catch (error) {
      // A check without its log is of use still.
      if (error instanceof GantryError && error.code !== 'FORGE_RATE_LIMITED') return null;
      throw error;
    }
  }
  return {
    checks: async (commit) => {
      const runs = await runsOf(commit);
      const failed = runs.filter((run) => stateOf(run) === 'failed').slice(0, mostLogs);
      const logs = new Map<CheckRun, string | null>();
      for (const run of failed) logs.set(run, await logOf(run));
      const checks = runs.map((run) => fromRun(run, logs.get(run) ?? null));
      return sumChecks([...checks, ...(await statusesOf(commit))].slice(0, mostChecks));
    },
  };
}

function stateOf({ status, conclusion }: CheckRun): ForgeCheck['state'] {
  if (status !== 'completed' || conclusion === null) return 'pending';
  return failures.has(conclusion) ? 'failed' : 'passed';
}

function fromRun(run: CheckRun, log: string | null): ForgeCheck {
  const { title, summary } = run.output;
  return {
    name: run.name,
    state: stateOf(run),
    summary: summaryOf(run.conclusion ?? run.status, title, summary),
    webUrl: run.html_url,
    log,
  };
}

function fromStatus(reply: z.output<typeof commitStatusReply>): ForgeCheck {
  const { context, state, description, target_url } = reply;
  return {
    name: context,
    state: state === 'pending' ? 'pending' : state === 'success' ? 'passed' : 'failed',
    summary: summaryOf(description),
    webUrl: webLink(target_url),
    log: null,
  };
}
