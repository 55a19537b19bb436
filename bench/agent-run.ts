import type { Event } from '../src/contract/event.ts';
import type { GantryProcess } from './gantry-process.ts';

/** What the events of one agent's run tell of its time, in milliseconds. */
export interface AgentTimes {
  /** From being handed in to the model's first answer. */
  readonly first: number;
  /** Of each call of a tool, in order. */
  readonly calls: readonly number[];
  /** From a tool's answer to the next call: the model's turn, with nothing in it but Gantry. */
  readonly turns: readonly number[];
  readonly checkpoints: readonly boolean[];
}

type Server = Pick<GantryProcess, 'url' | 'key'>;

/** Sends the repository as `gantry ask --repo .` does, and starts a question on it; answers the run's id. */
export async function startAgent(server: Server, bundle: Buffer, script: unknown): Promise<string> {
  const { id } = await send<{ id: string }>(server, '/bundles', bundle);
  const repository = { kind: 'bundle', bundleId: id, name: 'bench' };
  const input = { repository, question: 'What is in here?', model: 'scripted:bench', script };
  return (await send<{ id: string }>(server, '/asks', JSON.stringify(input))).id;
}

/** The run's times, once it has ended; throws unless it ended well. */
export async function timesOf(server: Server, id: string): Promise<AgentTimes> {
  const events: Event[] = [];
  for (let next: string | null = '0'; next !== null;) {
    const page: { items: Event[]; next: string | null } = await get(
      server,
      `/runs/${id}/events?after=${next}&limit=1000`,
    );
    events.push(...page.items);
    next = page.next;
  }
  const end = events.at(-1);
  if (end?.type !== 'run.succeeded') throw new Error(`the run did not end well: ${JSON.stringify(end)}`);
  return readTimes(events);
}

function readTimes(events: readonly Event[]): AgentTimes {
  const called = events.flatMap((event) => (event.type === 'tool.called' ? [timeOf(event)] : []));
  const answers = events.flatMap((event) => (event.type === 'tool.answered' ? [event] : []));
  const queued = events.find(({ type }) => type === 'run.queued');
  const model = events.find(({ type }) => type === 'model');
  if (!queued || !model) throw new Error('the run has no first turn');
  const calls = answers.map((event, n) => timeOf(event) - (called[n] ?? 0));
  return {
    first: timeOf(model) - timeOf(queued),
    calls: calls.slice(0, -1),
    turns: answers.slice(0, -1).map((event, n) => (called[n + 1] ?? 0) - timeOf(event)),
    checkpoints: answers.slice(0, -1).map(({ data }) => data.checkpoint !== null),
  };
}

function timeOf({ at }: Event): number {
  return Date.parse(at);
}

async function send<Answer>(server: Server, path: string, body: string | Buffer): Promise<Answer> {
  const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': type },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  return read<Answer>(response);
}

async function get<Answer>(server: Server, path: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${server.key}` };
  return read<Answer>(await fetch(`${server.url}/api/v1${path}`, { headers }));
}

async function read<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw new Error(`${response.url}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
