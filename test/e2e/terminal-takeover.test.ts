import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { gantry } from '../support/command-line.ts';
import { gantryUp, gantryWorker, makeDataDir, stopGantry } from '../support/gantry-up.ts';
import { openSocket } from '../support/socket.ts';
import { send } from '../support/with-api.ts';
import { killHard } from '../support/worker-process.ts';

const program = `import os
print("begun", flush=True)
said = []
while (line := input()) != "bye":
    said.append(line)
    print("heard", line, flush=True)
open(os.environ["GANTRY_OUTPUT"] + "/said", "w").write(" ".join(said))
`;

test('a conversation survives the death of its worker: the next one hears all that was said, in order', async () => {
  await using place = await makeDataDir();
  const { env } = place;
  const server = await gantryUp(env, ['server']);
  const workers: ChildProcess[] = [];
  try {
    workers.push(await gantryWorker(env));
    const made = await gantry(['keys', 'create', '--name', 'e2e', '--role', 'admin', '--json'], { env });
    const headers = { authorization: `Bearer ${JSON.parse(made.stdout).key}` };
    const input = { language: 'python', files: [{ name: 'a.py', content: program }], interactive: true };
    const started = await send(`${server.url}/api/v1/executions`, 'POST', input, headers);
    assert.equal(started.status, 202, JSON.stringify(started.body));
    const { id } = started.body;
    const socket = await openSocket(`${server.url}/api/v1/executions/${id}/terminal`, headers);
    await socket.until(() => socket.text().includes('begun'));
    for (const word of ['one', 'two', 'three']) socket.send({ type: 'stdin', text: `${word}\n` });
    await socket.until(() => socket.text().includes('heard three'));
    await killHard(workers[0] ?? assert.fail());
    socket.send({ type: 'stdin', text: 'meanwhile\n' });
    workers.push(await gantryWorker(env));
    await socket.until(() => socket.text().includes('heard meanwhile'));
    socket.send({ type: 'stdin', text: 'bye\n' });
    assert.equal(await socket.closed, 1000);
    const { body: run } = await send(`${server.url}/api/v1/runs/${id}`, 'GET', undefined, headers);
    assert.deepEqual([run.status, run.attempt], ['succeeded', 2]);
    const [file] = run.output.files;
    const { body: said } = await send(
      `${server.url}/api/v1/runs/${id}/files/${file.id}`,
      'GET',
      undefined,
      headers,
    );
    assert.equal(said, 'one two three meanwhile');
  } finally {
    for (const worker of workers.slice(1)) {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
    await stopGantry(server);
  }
});
