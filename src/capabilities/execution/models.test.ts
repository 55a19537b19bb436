import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startModelServer, type ModelServer } from '../../../test/support/model-server.ts';
import { withExecutions, type TestExecutions } from '../../../test/support/executions.ts';
import { until } from '../../../test/support/until.ts';
import { asSystem, finished } from '../../../test/support/with-kernel.ts';
import { newId } from '../../base/ids.ts';
import type { Event } from '../../contract/event.ts';
import type { Budget } from '../../contract/run.ts';
import { executionOutputSchema, type ExecutionInput } from './schema.ts';

const key = 'sk-canary-9a31f7';
const model = 'openai-compatible/qwen3:8b';

/* As any program would do it that was written for OpenAI, with nothing but what comes with Python. */
const prelude = `
import json, os, socket, sys, urllib.request, urllib.error
base, token = os.environ["OPENAI_BASE_URL"], os.environ["OPENAI_API_KEY"]
def ask(text, token=token, model="default", **more):
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": text}], **more}).encode()
    headers = {"authorization": "Bearer " + token, "content-type": "application/json"}
    try:
        reply = urllib.request.urlopen(urllib.request.Request(base + "/chat/completions", body, headers)).read()
        return json.loads(reply)["choices"][0]["message"]["content"]
    except urllib.error.HTTPError as error:
        return f"{error.code} {json.loads(error.read())['error']['code']}"
`;

const python = (source: string, more: Partial<ExecutionInput> = {}): ExecutionInput => ({
  language: 'python',
  files: [{ name: 'main.py', content: prelude + source }],
  models: [model],
  ...more,
});

const uncached = { cacheRead: 0, cacheWrite: 0, reasoning: 0 };

interface Trial extends TestExecutions {
  readonly provider: ModelServer;
  eventsOf(runId: string): Promise<readonly Event[]>;
}

/** Executions beside a provider of loopback, whose model costs 1 USD per thousand tokens in and 2 out. */
async function withModels(trial: (parts: Trial) => Promise<void>): Promise<void> {
  const provider = await startModelServer();
  const models = {
    model,
    prices: [`${model}=1000/2000/1000/1000`],
    keys: { 'openai-compatible': key },
    baseUrls: { 'openai-compatible': `${provider.url}/v1` },
  };
  try {
    await withExecutions({ models, warm: { count: 1, languages: ['python'] } }, async (parts) => {
      const eventsOf = async (runId: string) => parts.kernel.events(runId, 0, 1000);
      await trial({ ...parts, provider, eventsOf });
    });
  } finally {
    await provider.close();
  }
}

test('a program asks its models, pays from the run, and reaches and learns nothing else', async () => {
  await withModels(async ({ kernel, db, provider, execute, eventsOf }) => {
    const usage = { ...uncached, input: 100, output: 10 };
    provider.answers.push({ reply: { text: 'Blue.', usage } }, { reply: { text: 'Red.', usage } });
    const program = python(`
print(ask("Which colour?"), ask("And now?", model="${model}", reasoning_effort="minimal"))
print(ask("May I?", model="openai/gpt-5"))
for proxy in (True, False):
    opener = urllib.request.build_opener() if proxy else urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try: print(opener.open("http://93.184.216.34/", timeout=5).status)
    except Exception as error: print("elsewhere:", error)
for place in (("93.184.216.34", 443), ("127.0.0.1", ${new URL(provider.url).port})):
    try: print(socket.create_connection(place, 5))
    except OSError as error: print("direct:", error)
print(os.environ)
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("environ", "cmdline"):
        try: print(open(f"/proc/{pid}/{name}", "rb").read())
        except OSError: pass
`);
    const run = await execute(program);
    const { stdout, stderr, spent, warm } = executionOutputSchema.parse(run.output);
    const lines = stdout.split('\n');
    assert.deepEqual(lines.slice(0, 2), ['Blue. Red.', '404 model_not_found'], stderr);
    assert.match(lines[2] ?? '', /elsewhere: .*403/);
    assert.match(lines[3] ?? '', /elsewhere: .*unreachable/);
    assert.match(`${lines[4]}${lines[5]}`, /direct: .*unreachable.*direct: .*refused/);
    assert.equal(warm, false);

    assert.equal(provider.requests[0]?.headers.authorization, `Bearer ${key}`);
    assert.equal(provider.requests[1]?.at('reasoning_effort'), 'low');
    assert.deepEqual(spent, { usd: 0.24, tokens: 220 });
    assert.equal(run.usage.usd, 0.24);
    assert.equal(run.usage.tokens, 220);
    const events = await eventsOf(run.id);
    const told = events.flatMap((event) => (event.type === 'model' ? [event.data] : []));
    assert.deepEqual(
      told.map(({ agent, purpose, turn, usd }) => ({ agent, purpose, turn, usd })),
      [0, 1].map((turn) => ({ agent: 'program', purpose: 'program', turn, usd: 0.12 })),
    );
    const rows = await db.query('SELECT * FROM model_calls WHERE run_id = $1', [run.id]);
    assert.deepEqual(
      rows.map(({ step, status, purpose }) => ({ step, status, purpose })),
      [0, 1].map(() => ({ step: 'run', status: 'answered', purpose: 'program' })),
    );
    const steps = await db.query('SELECT * FROM steps WHERE run_id = $1', [run.id]);
    assert.ok(!JSON.stringify([await kernel.get(run.id), events, rows, steps]).includes(key));
  });
});

test('a token is good for its own run, for as long as that works', async () => {
  await withModels(async ({ kernel, provider, output, eventsOf }) => {
    const input = python(
      `
print(token, flush=True)
print(sys.stdin.readline().strip(), ask("Me?"))
`,
      { interactive: true },
    );
    const { run } = await kernel.start({ ...asSystem, capability: 'execution', input });
    let token = '';
    await until(async () => {
      const told = (await eventsOf(run.id)).find(({ type }) => type === 'output');
      if (told?.type === 'output') token = told.data.text.trim();
      return token !== '';
    });
    const stranger = python(`print(ask("You?", token=sys.argv[1]), ask("I?"))`, { args: [token] });
    assert.equal((await output(stranger)).stdout, '401 invalid_api_key ok\n');
    await kernel.signal(run.id, 'stdin', 'go\n', null, newId());
    const ended = executionOutputSchema.parse((await finished(kernel, run.id)).output);
    assert.equal(ended.stdout, `${token}\ngo ok\n`);
    assert.equal((await output(stranger)).stdout, '401 invalid_api_key ok\n');
    assert.equal(provider.requests.length, 3);
  });
});

test('a program on a terminal that asks models is talked to and interrupted as any other', async () => {
  await withModels(async ({ kernel, eventsOf }) => {
    const talk = `
import time
hits = []
def hit(*_): hits.append(1)
import signal; signal.signal(signal.SIGINT, hit)
print(sys.stdin.isatty(), ask("Me?"), flush=True)
sys.stdin.readline()
print("hits", len(hits), flush=True)
`;
    for (const terminal of [{ rows: 24, cols: 80 }, undefined]) {
      const input = python(talk, { interactive: true, ...(terminal && { terminal }) });
      const { run } = await kernel.start({ ...asSystem, capability: 'execution', input });
      const said = async (text: string) =>
        (await eventsOf(run.id)).some((event) => event.type === 'output' && event.data.text.includes(text));
      await until(() => said(' ok'));
      await kernel.signal(run.id, 'stdin', { type: 'interrupt' }, null, newId());
      await kernel.signal(run.id, 'stdin', 'go\n', null, newId());
      const { stdout } = executionOutputSchema.parse((await finished(kernel, run.id)).output);
      assert.match(stdout, terminal ? /^True ok/ : /^False ok/);
      assert.match(stdout, /hits 1\b/);
    }
  });
});

test('over budget a program is told so by 402, and goes on', async () => {
  await withModels(async ({ kernel, provider }) => {
    const usage = { ...uncached, input: 900, output: 50 };
    provider.answers.push({ reply: { text: 'Yes.', usage } });
    const input = python(`print(ask("One?", max_tokens=100), ask("Two?", max_tokens=100))`);
    const start = async (budget: Budget) => {
      const { run } = await kernel.start({ ...asSystem, capability: 'execution', input, budget });
      return finished(kernel, run.id);
    };
    const run = await start({ tokens: 1000 });
    const { stdout, outcome } = executionOutputSchema.parse(run.output);
    assert.deepEqual([outcome, stdout], ['ok', 'Yes. 402 insufficient_quota\n']);
    assert.deepEqual([run.usage.tokens, provider.requests.length], [950, 1]);
  });
});

test('programs of several runs, and several of one, ask at the same time', async () => {
  await withModels(async ({ provider, output }) => {
    const input = python(`
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool: print(*pool.map(ask, "abcd"))
os.system("python3 - <<'end'\\nimport os; print(len(os.environ['OPENAI_API_KEY']) > 20)\\nend")
`);
    const [one, other] = await Promise.all([output(input), output(input)]);
    for (const { stdout, stderr, spent } of [one, other]) {
      assert.equal(stdout, 'ok ok ok ok\nTrue\n', stderr);
      assert.ok((spent?.tokens ?? 0) > 0);
    }
    assert.equal(provider.requests.length, 8);
  });
});

test('a run that is cancelled while its program asks keeps nothing put aside', async () => {
  await withModels(async ({ kernel, db, provider }) => {
    provider.answers.push({ reply: { text: 'First.' } }, { broken: 'silence' });
    const input = python(`print(ask("One?")); print(ask("Two?"))`);
    const { run } = await kernel.start({ ...asSystem, capability: 'execution', input });
    await until(() => provider.requests.length === 2);
    await kernel.cancel(run.id, null);
    const { status, usage } = await finished(kernel, run.id);
    assert.equal(status, 'cancelled');
    const [counter] = await db.query<{ spent: number; reserved: number }>(
      `SELECT spent_tokens::float8 AS spent, reserved_tokens::float8 AS reserved FROM budget_counters
       WHERE scope = 'run' AND subject = $1`,
      [run.id],
    );
    assert.equal(counter?.reserved, 0);
    assert.equal(usage.tokens, counter?.spent);
    const open = await db.query(`SELECT FROM model_calls WHERE status = 'open'`);
    assert.equal(open.length, 0);
    assert.equal(provider.left, 1);
  });
});

test('a script stands in for a model, whichever language the program is in', async (t) => {
  await withModels(async ({ output, installed, kernel }) => {
    const script = { turns: [{ text: 'By heart.', repeat: 'forever' }] };
    const said = await output(python(`print(ask("Line?"))`, { models: ['scripted'], script }));
    assert.equal(said.stdout, 'By heart.\n', said.stderr);
    const node = `const reply = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'default', messages: [{ role: 'user', content: 'Line?' }] }),
    });
    console.log((await reply.json()).choices[0].message.content);`;
    const files = [{ name: 'main.mjs', content: node }];
    const again = await output({ language: 'javascript', files, models: ['scripted'], script });
    assert.equal(again.stdout, 'By heart.\n', again.stderr);
    if (installed.has('c')) {
      const compiled = await output({
        language: 'c',
        files: [{ name: 'main.c', content: '#include <stdlib.h>\nint main() { abort(); }' }],
        models: ['default'],
      });
      assert.deepEqual([compiled.outcome, compiled.signal], ['signal', 'SIGABRT']);
    } else t.diagnostic('no C compiler here');
    const wrong = { ...asSystem, capability: 'execution', input: python('', { models: ['openai/gpt-5'] }) };
    await assert.rejects(kernel.start(wrong), { code: 'MODEL_UNKNOWN' });
    await assert.rejects(kernel.start({ ...wrong, input: python('', { models: ['nonsense'] }) }), {
      code: 'MODEL_UNKNOWN',
    });
  });
});
