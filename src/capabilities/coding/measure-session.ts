import { metrics } from '../../base/metrics.ts';
import type { Run } from '../../contract/run.ts';
import type { StateChange } from '../../contract/run-state.ts';
import { codingInputSchema, codingOutputSchema } from './schema.ts';
import { sessionView, type SessionView } from './session-view.ts';

/** Counts a session at its end, by all that it stood at: so no story that is told again counts twice. */
export async function measureSession(run: Run, states: () => Promise<readonly StateChange[]>): Promise<void> {
  const changes = [...(await states())];
  const now = new Map(changes.map((state) => [state.key, state]));
  const view = sessionView({ state: { now, changes } });
  const output = codingOutputSchema.safeParse(run.output).data;
  const begun = Date.parse(run.startedAt ?? run.createdAt);
  metrics.sessionEnded({
    outcome: output?.outcome ?? run.status,
    seconds: Math.max(0, Date.parse(run.finishedAt ?? run.createdAt) - begun) / 1000,
    tokens: run.usage.tokens ?? 0,
    commits: view.branch?.commits.length ?? output?.commits.length ?? 0,
    ...triesOf(view),
    pulls: pullsOf(view, run),
  });
}

function triesOf({ steps }: SessionView) {
  const attempts = steps.map(({ state }) => state?.attempts ?? []);
  const verified = attempts.flat().flatMap(({ verification }) => (verification ? [verification.passed] : []));
  return {
    passed: verified.filter(Boolean).length,
    failed: verified.filter((passed) => !passed).length,
    retries: attempts.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0),
  };
}

/** One that goes on from an earlier session found the pull request open. */
function pullsOf({ pull }: SessionView, run: Run): ('opened' | 'merged')[] {
  if (!pull) return [];
  const found = codingInputSchema.safeParse(run.input).data?.continues !== undefined;
  return [...(found ? [] : ['opened' as const]), ...(pull.state === 'merged' ? ['merged' as const] : [])];
}
