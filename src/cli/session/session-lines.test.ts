import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionView } from '../../capabilities/coding/session-view.ts';
import type { Event, EventBody } from '../../contract/event.ts';
import { applyEvent, createRunView } from '../../contract/run-view.ts';
import { plannedStep } from '../../../test/support/session-story.ts';
import { displayWidth } from '../table.ts';
import { sessionLines } from './session-lines.ts';
import { createSessionNews } from './session-news.ts';

const begun = Date.parse('2026-11-21T10:00:00.000Z');
const evil = `\u001b]0;gone\u0007\u202e漢字 ${'long '.repeat(300)}`;

function folded(bodies: readonly EventBody[], live: boolean) {
  const view = createRunView({ id: '0198c1b2-0000-7000-8000-000000000001' });
  const news = createSessionNews();
  const told = bodies.flatMap((body, index) => {
    const at = new Date(begun + index * 1000).toISOString();
    const event = { runId: view.runId, seq: index + 1, at, ...body } as Event;
    applyEvent(view, event);
    return news.of(event, view, live);
  });
  return { view, told };
}

const steps = Array.from({ length: 20 }, (_, index) => plannedStep(`s${index + 1}`, { title: evil }));
const state = (key: string, value: unknown): EventBody => ({
  type: 'state',
  data: { key, value: JSON.parse(JSON.stringify(value)) },
});
const story: readonly EventBody[] = [
  { type: 'run.queued', data: { reason: 'started' } },
  { type: 'run.started', data: { worker: 'w', attempt: 1 } },
  { type: 'progress', data: { phase: 'Plan', coming: ['Build', 'Verify', 'Publish', evil.slice(0, 60)] } },
  state('plan', { status: 'approved', iterations: [{ iteration: 1, by: 'agent', feedback: null, steps }] }),
  { type: 'progress', data: { phase: 'Build', message: evil } },
  state('step s1', {
    ...{ id: 's1', title: evil, position: 1, status: 'writing', commit: null, diffFile: null },
    attempts: [{ attempt: 1, turns: 1, notice: evil, verification: null }],
  }),
  {
    type: 'tool.called',
    data: { agent: 'writer s1.2', turn: 1, callId: 'c', tool: 'edit', title: evil, input: '' },
  },
];

test('no line is wider than the terminal, whatever people and models call things, and nothing acts on it', () => {
  const { view, told } = folded(story, true);
  for (const columns of [40, 80, 200]) {
    const lines = sessionLines(view, sessionView(view), {
      ...{ now: begun + 60_000, columns, spinner: '*' },
      paint: (_tone, text) => text,
    });
    for (const line of lines) assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
    assert.doesNotMatch(lines.join(''), /[\u0000-\u001f\u202e]/u);
    assert.match(lines.join('\n'), /and 8 more steps/);
    assert.match(lines.join('\n'), /try 2/);
  }
  assert.doesNotMatch(told.join(''), /[\u0000-\u001f\u202e]/u);
});

test('in a pipe every phase is told, on a terminal only what its block does not show', () => {
  assert.ok(folded(story, false).told.includes('Plan'));
  assert.ok(!folded(story, true).told.includes('Plan'));
});
