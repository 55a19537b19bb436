import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { startModelServer } from '../../../test/support/model-server.ts';
import { somebody, withGateway } from '../../../test/support/with-gateway.ts';
import { ensureRuntime } from '../../base/runtime.ts';
import { sandboxDrivers } from '../../drivers/sandboxes/index.ts';
import { execute, openTrial } from '../../drivers/sandboxes/trial.ts';
import { createEgress } from '../egress/egress.ts';
import { ensureShim } from '../egress/shim.ts';
import { openProgramDoor } from './program-door.ts';

const key = 'sk-canary-51c0';

/* As any program would do it that was written for OpenAI. */
const program = `
import json, os, urllib.request, urllib.error
base, key = os.environ["OPENAI_BASE_URL"], os.environ["OPENAI_API_KEY"]
def ask(path, body=None):
    request = urllib.request.Request(base + path, json.dumps(body).encode() if body else None,
        {"authorization": "Bearer " + key, "content-type": "application/json"})
    try:
        return urllib.request.urlopen(request).read().decode()
    except urllib.error.HTTPError as error:
        return str(error.code) + " " + error.read().decode()
talk = [{"role": "user", "content": "Hello"}]
print(json.loads(ask("/models"))["data"][0]["id"])
print(json.loads(ask("/chat/completions", {"model": "default", "messages": talk}))["choices"][0]["message"]["content"])
print(ask("/chat/completions", {"model": "default", "messages": talk, "stream": True}))
print(ask("/chat/completions", {"model": "default", "messages": talk}))
try: print(urllib.request.urlopen("http://example.com/").status)
except Exception as error: print("elsewhere:", error)
print(dict(os.environ))
`;

test('a program in a sandbox uses the model of its run, reaches nothing else, and never holds the key', async (t) => {
  const provider = await startModelServer();
  const trial = openTrial(sandboxDrivers.bubblewrap);
  const runtime = await ensureRuntime({ dataDir: trial.dataDir });
  const shim = await ensureShim({ dataDir: trial.dataDir, ...runtime });
  const egress = createEgress({ dataDir: trial.dataDir });
  t.after(async () => {
    await egress.close();
    await trial.close();
    await provider.close();
  });
  const settings = {
    keys: { 'openai-compatible': key },
    baseUrls: { 'openai-compatible': `${provider.url}/v1` },
  };
  await withGateway({ settings }, async ({ gateway }) => {
    provider.answers.push(
      { reply: { text: 'Hi, program' } },
      { reply: { text: 'Bit by bit' } },
      { error: 'key' },
    );
    const door = await openProgramDoor({
      ...{ egress, shim, gateway },
      payer: somebody,
      models: ['openai-compatible/qwen3:8b'],
      signal: new AbortController().signal,
    });
    const box = await trial.sandbox({ wallMs: 20_000 });
    try {
      const request = door.wrap({ argv: ['python3', '-c', program] });
      const { stdout, stderr } = await execute(box, request);
      const lines = stdout.split('\n');
      assert.deepEqual(lines.slice(0, 2), ['openai-compatible/qwen3:8b', 'Hi, program'], stderr);
      assert.match(stdout, /"content":"Bit by bit"/);
      assert.match(stdout, /502 .*provider_refused/);
      assert.match(stdout, /elsewhere: /);
      assert.ok(!`${stdout}${stderr}`.includes(key));
      assert.equal(provider.requests[0]?.headers.authorization, `Bearer ${key}`);

      await door.close();
      assert.ok(request.egress !== undefined && !existsSync(request.egress));
    } finally {
      await box.destroy();
      await door.close();
    }
  });
});
