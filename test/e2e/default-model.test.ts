import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ExecutionOutput } from '../../src/capabilities/execution/schema.ts';
import type { Models } from '../../src/contract/model.ts';
import type { Run } from '../../src/contract/run.ts';
import type { InstanceSettingsView } from '../../src/contract/settings.ts';
import { gantry } from '../support/command-line.ts';
import { withServer } from '../support/gantry-up.ts';
import { startModelServer } from '../support/model-server.ts';

const provider = await startModelServer();
after(() => provider.close());
const { place, cli, json, program } = withServer({ OPENAI_BASE_URL: `${provider.url}/v1` });

const asking = `import json, os, urllib.request
body = {"model": "default", "messages": [{"role": "user", "content": "Name a colour."}]}
headers = {"Authorization": "Bearer " + os.environ["OPENAI_API_KEY"], "Content-Type": "application/json"}
url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
reply = urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers))
print(json.load(reply)["choices"][0]["message"]["content"])
`;

test('a key that is kept as a secret and a chosen default model hold at once, without a restart', async () => {
  const file = await program('asking.py', asking);
  assert.equal((await json<Models>('models')).default, null);
  const without = await cli('exec', file, '--model', 'default');
  assert.match(without.stderr, /gantry models use/);

  const early = await cli('models', 'use', 'deepseek/deepseek-chat');
  assert.match(early.stderr, /MODEL_UNKNOWN|there is no access to deepseek/);
  assert.notEqual(early.code, 0);
  const kept = await gantry(['secrets', 'set', 'DEEPSEEK_API_KEY'], { env: place().env, stdin: 'sk-none' });
  assert.equal(kept.code, 0, kept.stderr);
  await json('models', 'use', 'deepseek/deepseek-chat');
  assert.equal((await json<Models>('models')).default, 'deepseek/deepseek-chat');

  await json('models', 'use', 'openai-compatible/qwen3:8b');
  const { items } = await json<Models>('models');
  assert.deepEqual(
    items.filter(({ isDefault }) => isDefault).map(({ model }) => model),
    ['openai-compatible/qwen3:8b'],
  );
  provider.answers.push({ reply: { text: 'Teal.' } });
  const run = await json<Run & { output: ExecutionOutput }>('exec', file, '--model', 'default');
  assert.equal(run.output.stdout, 'Teal.\n', run.output.stderr);
  assert.equal(provider.requests.at(-1)?.at('model'), 'qwen3:8b');
});

test('a script that nobody read and a name that is none become no default, and the default can be taken back', async () => {
  for (const [model, words] of [
    ['scripted:/etc/passwd', /is a script, which only GANTRY_MODEL can make the default/],
    ['nonsense', /nonsense/],
  ] as const) {
    const { code, stderr } = await cli('models', 'use', model);
    assert.notEqual(code, 0);
    assert.match(stderr, words);
  }
  const { values } = await json<InstanceSettingsView>('settings', 'set', 'model=');
  assert.equal(values.model, null);
  assert.equal((await json<Models>('models')).default, null);
});
