import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metrics, renderMetrics } from '../../base/metrics.ts';
import { createArtifacts } from '../../resources/artifacts.ts';
import type { Database } from '../../store/database.ts';
import { sessionStory } from '../../../test/support/session-story.ts';
import { asSystem, finished, withKernel } from '../../../test/support/with-kernel.ts';
import { measureSession } from './measure-session.ts';

const sources = {
  queue: async () => ({ queued: 0, dead: 0, slots: 1, busy: 0 }),
  pool: () => ({ total: 1, idle: 1, waiting: 0 }),
  sandboxes: () => ({ started: 0, warmHits: 0, warmMisses: 0 }),
};
const repository = { kind: 'connected', name: 'acme/shop' };

test('every figure of a session is in the metrics once it has ended', async () => {
  const held: { db?: Database } = {};
  const artifacts = createArtifacts(() => held.db);
  await withKernel({ capabilities: [sessionStory(() => artifacts)] }, async ({ db, kernel, work }) => {
    held.db = db;
    await work();
    for (const goal of ['Mend it', 'broken']) {
      const input = { repository, goal, auto: true };
      const { run } = await kernel.start({ capability: 'coding', input, ...asSystem });
      const ended = await finished(kernel, run.id);
      await measureSession({ ...ended, usage: { tokens: 20_000 } }, () => kernel.states(run.id));
    }
  });
  metrics.agentAnswered('coding', 'writer', 3);
  metrics.workspaceBytes(4096);
  const { body } = await renderMetrics(sources);
  for (const line of [
    /^gantry_runs_created_total\{capability="coding"\} 2$/m,
    /^gantry_session_duration_seconds_count\{outcome="opened"\} 1$/m,
    /^gantry_session_duration_seconds_count\{outcome="failed"\} 1$/m,
    /^gantry_session_tokens_sum 40000$/m,
    /^gantry_session_commits_sum 4$/m,
    /^gantry_session_verifications_total\{result="passed"\} 4$/m,
    /^gantry_session_verifications_total\{result="failed"\} 2$/m,
    /^gantry_session_retries_total 2$/m,
    /^gantry_session_pulls_total\{act="opened"\} 1$/m,
    /^gantry_agent_model_seconds_count\{capability="coding",agent="writer"\} 1$/m,
    /^gantry_workspace_bytes 4096$/m,
  ])
    assert.match(body, line);
});

test('a pull request that was merged counts as merged, and not as opened again by who looked after it', async () => {
  const run = {
    ...{ id: '', capability: 'coding', title: '', status: 'succeeded', priority: 'normal', output: null },
    ...{
      error: null,
      budget: null,
      usage: {},
      outcome: null,
      userId: null,
      repository: null,
      parentId: null,
    },
    ...{ trigger: { kind: 'system' }, origin: null, waitingFor: null, asks: null, attempt: 1, worker: null },
    ...{ createdAt: '2026-11-21T10:00:00.000Z', startedAt: null, finishedAt: null },
    input: { repository, goal: 'Mend it', continues: '0198c1b2-0000-7000-8000-000000000001' },
  } as unknown as Parameters<typeof measureSession>[0];
  const value = { number: 7, url: 'u', title: 't', state: 'merged', isDraft: false };
  await measureSession(run, async () => [{ key: 'pull', seq: 1, at: '', value }]);
  const { body } = await renderMetrics(sources);
  assert.match(body, /^gantry_session_pulls_total\{act="merged"\} 1$/m);
  assert.match(body, /^gantry_session_pulls_total\{act="opened"\} 1$/m);
});
