import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gantry, gantryOnTerminal } from '../support/command-line.ts';
import { withServer } from '../support/gantry-up.ts';
import { openSocket } from '../support/socket.ts';
import { send } from '../support/with-api.ts';

const { place, server, cli, json, program } = withServer();

const guess = `import os
print("\\033[1mguess\\033[0m a number", flush=True)
while True:
    tip = input("> ")
    if tip == "7": break
    print("no, not", tip)
open(os.environ["GANTRY_OUTPUT"] + "/score.csv", "w").write("tries\\n2\\n")
print("yes")
`;

/** Signs in as a browser does; answers what a page of the server sends with each request. */
async function browser(): Promise<{ cookie: string; origin: string }> {
  const { url } = server();
  const { key } = await json<{ key: string }>('keys', 'create', '--name', 'e2e', '--role', 'admin');
  const person = { name: 'Ada', email: 'ada@example.com', role: 'member', password: 'correct horse battery' };
  const made = await send(`${url}/api/v1/users`, 'POST', person, { authorization: `Bearer ${key}` });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { email, password } = person;
  const signedIn = await send(`${url}/api/auth/sign-in/email`, 'POST', { email, password }, { origin: url });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return { cookie, origin: url };
}

describe('a program that is talked to', () => {
  test('in a browser: started, talked to, left and come back to, its files fetched', async () => {
    const { url } = server();
    const page = await browser();
    const input = {
      language: 'python',
      files: [{ name: 'guess.py', content: guess }],
      interactive: true,
      terminal: { rows: 24, cols: 80 },
    };
    const started = await send(`${url}/api/v1/executions`, 'POST', input, page);
    assert.equal(started.status, 202, JSON.stringify(started.body));
    const { id } = started.body;
    const at = `${url}/api/v1/executions/${id}/terminal`;
    const first = await openSocket(at, page);
    await first.until(() => first.text().endsWith('> '));
    first.send({ type: 'stdin', text: '3\r' });
    await first.until(() => first.text().includes('no, not 3'));
    first.ws.terminate();
    await first.closed;
    const back = await openSocket(at, page);
    await back.until(() => back.text().includes('no, not 3'));
    back.send({ type: 'resize', rows: 10, cols: 40 });
    back.send({ type: 'stdin', text: '7\r' });
    assert.equal(await back.closed, 1000);
    assert.match(back.text(), /guess.*> 3\r\nno, not 3\r\n> 7\r\nyes\r\n$/s);
    const { body: run } = await send(`${url}/api/v1/runs/${id}`, 'GET', undefined, page);
    assert.equal(run.output.outcome, 'ok');
    const [file] = run.output.files;
    assert.equal(file.name, 'score.csv');
    const download = await send(`${url}/api/v1/runs/${id}/files/${file.id}`, 'GET', undefined, page);
    assert.deepEqual([download.status, download.body], [200, 'tries\n2\n']);
  });

  test('on the command line without a terminal: lines go in as they come, and the end of the input too', async () => {
    const name = await program(
      'echo.py',
      'import sys\nfor line in sys.stdin: print("got", line.strip(), flush=True)\nprint("end")',
    );
    const { env } = place();
    const done = await gantry(['exec', '-i', join(place().directory, name)], { env, stdin: 'one\ntwo\n' });
    assert.deepEqual(done, { code: 0, stdout: 'got one\ngot two\nend\n', stderr: '' });
  });

  test('on a terminal: prompts, colours and Ctrl-C work, and nothing reaches the terminal that acts on it', async () => {
    const name = await program(
      'talk.py',
      'print("\\033[31mred\\033[0m\\033]0;evil\\007", flush=True)\ntry: input("wait> ")\nexcept KeyboardInterrupt: print("caught"); print("name", input("name? "))',
    );
    const { env } = place();
    let seen = '';
    const done = await gantryOnTerminal(['exec', '-i', join(place().directory, name)], {
      env,
      onStart: (child) =>
        child.stdout?.on('data', (data) => {
          const before = seen;
          seen += String(data);
          const now = (words: string) => seen.includes(words) && !before.includes(words);
          if (now('wait> ')) child.stdin?.write('\u0003');
          if (now('name? ')) child.stdin?.write('Ada\r');
          if (now('name Ada')) child.stdin?.end();
        }),
    });
    assert.equal(done.code, 0, done.stdout);
    assert.match(done.stdout, /\u001b\[31mred\u001b\[0m\r+\nwait> .*caught\r+\nname\? .*name Ada/s);
    assert.doesNotMatch(done.stdout, /evil|\u001b\]/);
  });

  test('Ctrl-] cancels a program that takes Ctrl-C for itself', async () => {
    const name = await program(
      'stay.py',
      'import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("here", flush=True)\ntime.sleep(60)',
    );
    const { env } = place();
    const done = await gantryOnTerminal(['exec', '-i', join(place().directory, name)], {
      env,
      onStart: (child) => {
        let sent = false;
        child.stdout?.on('data', (data) => {
          if (sent || !String(data).includes('here')) return;
          sent = true;
          child.stdin?.write('\u0003\u001d');
        });
      },
    });
    assert.equal(done.code, 130, done.stdout);
  });
});

describe('files on the command line', () => {
  const leaves = `import os
os.makedirs("/output/sub/.git/hooks")
for name in ("a.txt", "sub/b.txt", ".bashrc", "sub/.git/hooks/post-checkout"): open("/output/" + name, "w").write(name)
os.symlink("/etc/passwd", "/output/link")`;

  test('are written below the directory, hidden ones and links left out, nothing overwritten', async () => {
    const name = await program('leaves.py', leaves);
    const base = place().directory;
    const done = await cli('exec', name, '--output', 'out');
    assert.equal(done.code, 0, done.stderr);
    assert.equal(readFileSync(join(base, 'out/sub/b.txt'), 'utf8'), 'sub/b.txt');
    assert.ok(!existsSync(join(base, 'out/.bashrc')) && !existsSync(join(base, 'out/sub/.git')));
    assert.match(done.stderr, /link was not kept \(link\)/);
    assert.match(done.stderr, /\.bashrc was not written/);
    writeFileSync(join(base, 'out/a.txt'), 'mine');
    const again = await cli('exec', name, '--output', 'out');
    assert.equal(readFileSync(join(base, 'out/a.txt'), 'utf8'), 'mine');
    assert.match(again.stderr, /is there already, and nothing was written/);
    const forced = await cli('exec', name, '--output', 'out', '--force');
    assert.deepEqual([forced.code, readFileSync(join(base, 'out/a.txt'), 'utf8')], [0, 'a.txt']);
  });

  test('never go through a link that lies in the directory, also when forced', async () => {
    const name = await program('leaves.py', leaves);
    const base = place().directory;
    mkdirSync(join(base, 'else'));
    mkdirSync(join(base, 'trap'));
    symlinkSync(join(base, 'else'), join(base, 'trap/sub'));
    writeFileSync(join(base, 'victim'), 'safe');
    symlinkSync(join(base, 'victim'), join(base, 'trap/a.txt'));
    const done = await cli('exec', name, '--output', 'trap', '--force');
    assert.notEqual(done.code, 0);
    assert.ok(!existsSync(join(base, 'else/b.txt')));
    assert.equal(readFileSync(join(base, 'victim'), 'utf8'), 'safe');
    assert.ok(lstatSync(join(base, 'trap/a.txt')).isFile());
  });

  test('are listed and fetched later by the id of the run', async () => {
    const name = await program('leaves.py', leaves);
    const run = await json<{ id: string }>('exec', name);
    const listed = await cli('runs', 'files', run.id);
    assert.match(listed.stdout, /^NAME.*\n.*a\.txt +5 B +text\/plain/s);
    const { items } = await json<{ items: { name: string }[] }>('runs', 'files', run.id);
    assert.equal(items.length, 4);
    assert.equal((await cli('runs', 'files', run.id, '--output', 'later')).code, 0);
    assert.equal(readFileSync(join(place().directory, 'later/a.txt'), 'utf8'), 'a.txt');
  });
});
