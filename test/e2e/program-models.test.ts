import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, test } from 'node:test';
import type { ExecutionOutput } from '../../src/capabilities/execution/schema.ts';
import type { Event } from '../../src/contract/event.ts';
import type { Run } from '../../src/contract/run.ts';
import { withServer } from '../support/gantry-up.ts';
import { startModelServer } from '../support/model-server.ts';
import { send } from '../support/with-api.ts';

const key = 'sk-canary-e2e-40b7c19d';
const model = 'openai-compatible/qwen3:8b';
const provider = await startModelServer();
after(() => provider.close());
const { place, server, cli, json, program } = withServer({
  GANTRY_MODEL: model,
  GANTRY_MODEL_PRICES: `${model}=1000/2000/1000/1000`,
  OPENAI_BASE_URL: `${provider.url}/v1`,
  OPENAI_API_KEY: key,
});

/* The example of docs/models.md. */
const asking = `import json, os, urllib.request
body = {"model": "default", "messages": [{"role": "user", "content": "Name a colour."}]}
headers = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"], "Content-Type": "application/json"}
url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
reply = urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers))
print(json.load(reply)["choices"][0]["message"]["content"])
`;
const usage = { input: 100, output: 10, cacheRead: 0, cacheWrite: 0, reasoning: 0 };

test('from the command line a program asks a model, and its run says what that cost', async () => {
  const file = await program('asking.py', asking);
  provider.answers.push({ reply: { text: 'Teal.', usage } });
  const run = await json<Run & { output: ExecutionOutput }>(
    'exec',
    file,
    '--model',
    'default',
    '--budget',
    '100',
  );
  assert.equal(run.output.stdout, 'Teal.\n', run.output.stderr);
  assert.deepEqual([run.usage.usd, run.usage.tokens, run.budget?.usd], [0.12, 110, 100]);
  const admin = await json<{ key: string }>('keys', 'create', '--name', 'reader', '--role', 'admin');
  const authorization = `Bearer ${admin.key}`;
  const events = await send(`${server().url}/api/v1/runs/${run.id}/events`, 'GET', undefined, {
    authorization,
  });
  const told = events.body.items.filter(({ type }: Event) => type === 'model');
  assert.deepEqual([told.length, told[0].data.agent, told[0].data.usd], [1, 'program', 0.12]);
  assert.ok(!JSON.stringify([run, events.body]).includes(key));

  const refused = await cli('exec', file, '--model', 'default', '--budget', '0.01');
  assert.match(refused.stderr, /HTTP Error 402/);
  assert.equal(provider.requests.length, 1);

  const script = await program('script.yaml', 'turns:\n  - text: By heart.\n');
  const recited = await cli('exec', file, '--model', `scripted:${script}`);
  assert.equal(recited.stdout, 'By heart.\n', recited.stderr);
});

test('who may not use a model, or nothing at all, starts no program with it', async () => {
  const file = await program('asking.py', asking);
  const unknown = await cli('exec', file, '--model', 'anthropic/claude-sonnet-4-5');
  assert.notEqual(unknown.code, 0);
  assert.match(unknown.stderr, /anthropic\/claude-sonnet-4-5 cannot be used/);
  const viewer = await json<{ key: string }>('keys', 'create', '--name', 'viewer', '--role', 'viewer');
  const input = { language: 'python', files: [{ name: 'main.py', content: asking }], models: ['default'] };
  const authorization = `Bearer ${viewer.key}`;
  const answer = await send(`${server().url}/api/v1/executions`, 'POST', input, { authorization });
  assert.equal(answer.status, 403, JSON.stringify(answer.body));
});

test("the provider's key is in no file of the server, the database's included", async () => {
  const found = spawnSync('grep', ['-rlaF', key, place().directory], { encoding: 'utf8' });
  assert.equal(found.stdout, '');
});
