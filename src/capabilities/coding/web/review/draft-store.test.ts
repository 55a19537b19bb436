import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanStep } from '../../schema.ts';
import { draftKey, dropDraft, keepDraft, loadDraft, type DraftPlace } from './draft-store.ts';
import { changeDraft, draftOf } from './plan-draft.ts';

const step = (id: string): PlanStep => ({
  ...{ id, title: `Do ${id}`, description: '', type: 'feat', size: 'small' },
  ...{ files: [], dependsOn: [], acceptance: [] },
});
const proposed = { steps: [step('a'), step('b')] };
const key = draftKey({ runId: 'r', signal: 'plan', ordinal: 0 });

function place(): DraftPlace & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

test('a draft is there again after a reload, with a way back to what was proposed', () => {
  const storage = place();
  const draft = changeDraft(draftOf(proposed), { act: 'move', from: 0, to: 1 });
  keepDraft(storage, key, { ...draft, comment: 'Like this' });
  const loaded = loadDraft(storage, key, proposed);
  assert.deepEqual([loaded.steps, loaded.comment], [draft.steps, 'Like this']);
  assert.deepEqual(changeDraft(loaded, { act: 'undo' }).steps, proposed.steps);
  const later = draftKey({ runId: 'r', signal: 'plan', ordinal: 1 });
  assert.deepEqual(loadDraft(storage, later, proposed), draftOf(proposed));
  dropDraft(storage, key);
  assert.deepEqual(loadDraft(storage, key, proposed), draftOf(proposed));
});

test('what can not be read, or is no plan, is as if nothing were kept', () => {
  for (const text of ['{', 'null', '7', '{"steps":[{}]}', '{"steps":{}}', '{"steps":[{"id":1}]}']) {
    const storage = place();
    storage.kept.set(key, text);
    assert.deepEqual(loadDraft(storage, key, proposed), draftOf(proposed), text);
  }
});

test('a browser that keeps nothing does no harm', () => {
  const refuse = () => {
    throw new Error('QuotaExceededError');
  };
  const storage = { getItem: refuse, setItem: refuse, removeItem: refuse };
  keepDraft(storage, key, draftOf(proposed));
  assert.deepEqual(loadDraft(storage, key, proposed), draftOf(proposed));
});
