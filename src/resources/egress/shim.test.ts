import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { openEgressTrial, serveHttp } from '../../../test/support/egress.ts';
import { startGitServer } from '../../../test/support/git-server.ts';
import { ensureRuntime } from '../../base/runtime.ts';
import { sandboxDrivers } from '../../drivers/sandboxes/index.ts';
import { execute, openTrial, type TrialResult } from '../../drivers/sandboxes/trial.ts';
import type { ExecRequest } from '../ports/sandbox.ts';
import { readAllowList } from '../outgoing/address-rules.ts';
import type { EgressDecision } from './decision.ts';
import { createEgress } from './egress.ts';
import { ensureShim, modelVariables } from './shim.ts';

const trial = openTrial(sandboxDrivers.bubblewrap);
const shim = await ensureShim({
  dataDir: trial.dataDir,
  ...(await ensureRuntime({ dataDir: trial.dataDir })),
});
let authorization: string | undefined;
const upstream = await serveHttp((request, reply) => reply.end(`from ${request.headers.host}`));
const place = `allowed.test:${upstream.port}`;
const door = await openEgressTrial([place], {
  programs: (request, reply) => {
    authorization = request.headers.authorization;
    reply.end('{"data":[]}');
  },
});

after(async () => {
  await door.close();
  await upstream.close();
  await trial.close();
});

const bash = (script: string): ExecRequest => ({ argv: ['bash', '-c', script] });

/** With the proxy, in a sandbox of its own. */
async function through(request: ExecRequest, path = door.socketPath): Promise<TrialResult> {
  const box = await trial.sandbox({ wallMs: 20_000 });
  try {
    return await execute(box, shim.wrap(request, path));
  } finally {
    await box.destroy();
  }
}

test('N11-N12 programs reach what is on the list by their usual variables, and nothing past the proxy', async () => {
  const result = await through(
    bash(`
curl -sS http://${place}/; echo
https_proxy=$http_proxy curl -sSp http://${place}/x; echo
python3 -c 'import urllib.request as r; print(r.urlopen("http://${place}/").read().decode())'
curl -s -o /dev/null -w '%{http_code}\\n' http://other.test/
curl -s -o /dev/null -w '%{http_code}\\n' http://169.254.169.254/latest/meta-data
curl -s --noproxy '*' --max-time 5 http://127.0.0.1:${upstream.port}/ || echo "direct $?"
curl -s --noproxy '*' --max-time 5 http://1.1.1.1/ || echo "direct $?"
python3 -c 'import socket
try: socket.getaddrinfo("allowed.test", 80)
except OSError: print("no name")'
ls -A; ls /run; touch /run/x /opt/gantry/shim/x /opt/gantry/node/x 2>/dev/null || echo fixed`),
  );
  const from = `from ${place}`;
  assert.deepEqual(
    result.stdout.trim().split('\n'),
    [from, from, from, '403', '403', 'direct 7', 'direct 7', 'no name', 'egress.sock', 'fixed'],
    result.stderr,
  );
});

test('programs find the model at an address of their own, by a token that is good for nothing else', async () => {
  const result = await through({
    argv: ['bash', '-c', 'curl -sS -H "authorization: Bearer $OPENAI_API_KEY" $OPENAI_BASE_URL/models'],
    env: modelVariables('run-token'),
  });
  assert.equal(result.stdout, '{"data":[]}', result.stderr);
  assert.equal(authorization, 'Bearer run-token');
});

test('the command ends as it would alone: its code, its signal, its input, and a name that is none', async () => {
  const exit = async (request: ExecRequest) => (await through(request)).exit;
  assert.deepEqual(await exit(bash('exit 7')), { kind: 'exited', code: 7 });
  assert.deepEqual(await exit(bash('kill -TERM $$')), { kind: 'signalled', signal: 'SIGTERM' });
  assert.deepEqual(await exit({ argv: ['no-such-program'] }), { kind: 'exited', code: 127 });
  assert.equal((await through({ argv: ['cat'], stdin: Buffer.from('given') })).stdout, 'given');
  const left = await through(bash('sleep 60 & curl -sS http://allowed.test/ >/dev/null; exit 0'));
  assert.deepEqual(left.exit, { kind: 'exited', code: 0 });
});

test('a door that was closed is none', async () => {
  const closed = await openEgressTrial([place]);
  await closed.close();
  await assert.rejects(through(bash('true'), closed.socketPath), { code: 'SANDBOX_FAILED' });
});

test('N12 git clones through it', async () => {
  const git = await startGitServer();
  const repository = await git.add('acme/shop', { public: true });
  const gitPlace = `git.test:${new URL(git.url).port}`;
  const gitDoor = await openEgressTrial([gitPlace]);
  const result = await through(
    bash(`git clone -q http://${gitPlace}/acme/shop.git && git -C shop log --oneline | wc -l`),
    gitDoor.socketPath,
  );
  assert.equal(result.stdout, '1\n', result.stderr + repository.url);
  await gitDoor.close();
  await git.close();
});

test('git of the host goes through a proxy that knows it by a password, and by the same rules', async () => {
  const git = await startGitServer();
  await git.add('acme/shop', { public: true });
  const { port } = new URL(git.url);
  const decisions: string[] = [];
  const egress = createEgress({ dataDir: trial.dataDir });
  const options = {
    allow: [`127.0.0.1:${port}`],
    onDecision: ({ host, allowed }: EgressDecision) => void decisions.push(`${host} ${allowed}`),
  };
  const open = await egress.openHostProxy({ ...options, inside: readAllowList(['127.0.0.1']) });
  const strict = await egress.openHostProxy(options);
  const list = (proxy: string, url: string) =>
    promisify(execFile)('git', ['-c', `http.proxy=${proxy}`, 'ls-remote', '--', `${url}/acme/shop.git`], {
      env: { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' },
    }).then(
      ({ stdout }) => stdout,
      (error: unknown) => String(error),
    );
  assert.match(await list(open.url, git.url), /refs\/heads/);
  assert.match(await list(strict.url, git.url), /403/);
  assert.match(await list(open.url, 'http://127.0.0.2:1'), /403/);
  assert.match(await list(open.url.replace(/:[^:@]+@/, ':wrong@'), git.url), /407|authentication/i);
  assert.match(await list(open.url.replace(/\/\/.*@/, '//'), git.url), /407|authentication/i);
  await egress.close();
  assert.match(await list(open.url, git.url), /Failed to connect|onnection refused/);
  assert.ok(decisions.includes('127.0.0.1 true') && decisions.includes('127.0.0.1 false'));
  await git.close();
});
