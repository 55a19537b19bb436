import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { openResources } from '../../../../../test/support/executions.ts';
import { withApi } from '../../../../../test/support/with-api.ts';
import { createExecution } from '../../index.ts';
import { snippetKinds, snippetOf, type SnippetKind } from './snippets.ts';

const run = promisify(execFile);

const commands: Readonly<Record<SnippetKind, { file: string; command: string[] }>> = {
  curl: { file: 'call.sh', command: ['bash'] },
  python: { file: 'call.py', command: ['python3'] },
  typescript: { file: 'call.ts', command: [process.execPath] },
};

async function runSnippet(kind: SnippetKind, origin: string, input: unknown, key: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'gantry-snippet-'));
  try {
    const { file, command } = commands[kind];
    const [program = '', ...args] = command;
    await writeFile(join(directory, file), snippetOf(kind, origin, input));
    const { stdout } = await run(program, [...args, file], {
      cwd: directory,
      env: { PATH: process.env['PATH'], GANTRY_API_KEY: key, HOME: directory },
    });
    return stdout;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const nasty = [
  `'"\`\\ \\n $HOME $(id) \${x} %s {{}} #{x} <<JSON`,
  'JSON',
  `"""'''`,
  '\u202e\u2066\u200b\ufeff\u2028\u2029\u0085\u007f',
  '\t\r\v\f\b\u0001\u001b[31m',
  '😀 \u{e0041} é 日本',
  '</script><!--',
  '',
].join('\n');

test('each snippet sends exactly the program that it was made of, whatever that holds', async () => {
  const input = {
    language: nasty,
    files: [
      { name: nasty, content: nasty },
      { name: 'b', content: `${nasty}\n`, encoding: 'utf8' },
    ],
    args: [nasty, '', '\\', `'`, '"', 'true'],
    env: JSON.parse('{"__proto__": "p", "constructor": "c", "A": "$A"}'),
    limits: { wallMs: 1e21, cpuMs: 0.5, memoryBytes: -1 },
    interactive: true,
    other: [null, false, [], {}],
  };
  const bodies: unknown[] = [];
  const server = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push([request.url, request.headers.authorization, Buffer.concat(parts).toString()]);
      reply.setHeader('content-type', 'application/json').end('{"output": {"stdout": "done 😀"}}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const kind of snippetKinds) {
      const stdout = await runSnippet(kind, origin, input, 'a-key');
      assert.ok(stdout.includes('done 😀'), kind);
      const [[url, authorization, body]] = bodies.splice(0) as [[string, string, string]];
      assert.deepEqual([url, authorization], ['/api/v1/executions?wait=true', 'Bearer a-key']);
      assert.deepEqual(JSON.parse(body), input, kind);
      assert.equal(JSON.stringify(JSON.parse(body).env), JSON.stringify(input.env), kind);
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a snippet shows marks that turn text round as escapes', () => {
  for (const kind of snippetKinds) {
    const text = snippetOf(kind, 'http://x', { content: 'a\u202eb\u200b\u{e0041}' });
    assert.ok(text.includes('a\\u202eb\\u200b\\udb40\\udc41'), text);
  }
});

test('each snippet runs its program on a server and prints what came of it', async () => {
  const resources = await openResources({ count: 0, languages: [] });
  try {
    const module = createExecution(resources);
    await module.prepare();
    await withApi({ capabilities: [module.capability], routes: module.routes }, async (api) => {
      await api.work();
      const member = await api.join('member');
      const input = {
        language: 'python',
        files: [{ name: 'main.py', content: 'import sys\nprint(sys.argv[1:], sys.stdin.read())\n' }],
        stdin: `two\n'lines' $x 😀`,
        args: [`it's`, '$HOME'],
      };
      const wanted = `["it's", '$HOME'] two\n'lines' $x 😀\n`;
      for (const kind of ['python', 'typescript'] as const)
        assert.equal(await runSnippet(kind, api.address, input, member.key), wanted);
      const answer = JSON.parse(await runSnippet('curl', api.address, input, member.key));
      assert.equal(answer.output.stdout, wanted);
      await assert.rejects(runSnippet('typescript', api.address, input, 'wrong'));
    });
  } finally {
    await resources.close();
  }
});
