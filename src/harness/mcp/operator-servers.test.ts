import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { z } from 'zod';
import { withAgents } from '../../../test/support/agents.ts';

const key = 'canary-key-of-the-operator';

/** A server over HTTP that knows nobody without the key in its address. */
async function serveHttp(t: TestContext): Promise<{ entry: string; stop(): Promise<void> }> {
  const server = createServer((request, reply) => {
    void (async () => {
      if (!request.url?.includes(key)) return void reply.writeHead(401).end();
      const mcp = new McpServer({ name: 'sums', version: '1' });
      const inputSchema = { a: z.number(), b: z.number() };
      mcp.registerTool('add', { description: 'Adds two numbers.', inputSchema }, async ({ a, b }) => ({
        content: [{ type: 'text', text: `sum ${a + b}` }],
      }));
      mcp.registerTool('fail', { description: 'Fails.' }, async () => {
        throw new Error('out of order');
      });
      const transport = new StreamableHTTPServerTransport({});
      reply.on('close', () => void mcp.close());
      await mcp.connect(transport as Transport);
      await transport.handleRequest(request, reply);
    })().catch(() => reply.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  t.after(stop);
  return { entry: `sums=http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp?key=${key}`, stop };
}

/** A program that says which variables it got. */
async function program(t: TestContext): Promise<{ entry: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'gantry-mcp-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'server.mjs');
  const place = (name: string) =>
    JSON.stringify(import.meta.resolve(`@modelcontextprotocol/sdk/server/${name}.js`));
  await writeFile(
    file,
    `import { McpServer } from ${place('mcp')};
import { StdioServerTransport } from ${place('stdio')};
const server = new McpServer({ name: 'variables', version: '1' });
server.registerTool('names', { description: 'Names variables.' }, async () => ({
  content: [{ type: 'text', text: 'names: ' + Object.keys(process.env).sort().join(' ') }],
}));
await server.connect(new StdioServerTransport());
`,
  );
  return { entry: `variables=${process.execPath} ${file}` };
}

test("agents use the operator's servers, whose address and surroundings stay the operator's", async (t) => {
  const [http, variables] = [await serveHttp(t), await program(t)];
  process.env['GANTRY_MCP_CANARY_API_KEY'] = key;
  t.after(() => delete process.env['GANTRY_MCP_CANARY_API_KEY']);
  await withAgents({ 'a.txt': 'a\n' }, {}, async (agents) => {
    const servers = [http.entry, variables.entry, 'gone=http://127.0.0.1:9/mcp?key=' + key];
    const run = await agents.start(
      {
        turns: [
          { calls: [{ tool: 'mcp__sums__add', input: { a: 2, b: 3 } }] },
          { when: 'sum 5', calls: [{ tool: 'mcp__sums__add', input: { a: 'two' } }] },
          { when: 'Invalid', calls: [{ tool: 'mcp__sums__fail', input: {} }] },
          { when: 'out of order', calls: [{ tool: 'mcp__gone__any', input: {} }] },
          {
            when: 'There is no tool "mcp__gone__any"',
            calls: [{ tool: 'mcp__variables__names', input: {} }],
          },
          { when: { matches: 'names: .*\\bPATH\\b' }, text: 'Done.' },
        ],
      },
      { servers },
    );
    assert.equal((await agents.ended(run)).text, 'Done.');
    const { kernel } = agents.kernel;
    const events = await kernel.events(run, 0, 1000);
    assert.match(JSON.stringify(events), /The MCP server gone did not answer as it should/);
    const told = JSON.stringify([events, (await kernel.steps(run)).map(({ output }) => output)]);
    assert.ok(!told.includes(key), 'the address of a server was recorded');
    assert.ok(!told.includes('GANTRY_MCP_CANARY'), 'a program of the operator sees variables of Gantry');
  });
});

test('a server that went away since it was looked up is told to the model, and the run goes on', async (t) => {
  const http = await serveHttp(t);
  await withAgents({ 'a.txt': 'a\n' }, {}, async (agents) => {
    const run = await agents.start(
      {
        turns: [
          { calls: [{ tool: 'ask', input: { question: 'Shall I?' } }] },
          { when: 'Go on', calls: [{ tool: 'mcp__sums__add', input: { a: 2, b: 3 } }] },
          { when: 'did not answer as it should', text: 'Done without.' },
        ],
      },
      { servers: [http.entry] },
    );
    const { answers } = await agents.asked(run);
    await http.stop();
    await agents.answer(run, answers[0]?.value ?? '', 'Go on');
    assert.equal((await agents.ended(run)).text, 'Done without.');
    assert.ok(!JSON.stringify(await agents.kernel.kernel.events(run, 0, 1000)).includes(key));
  });
});
