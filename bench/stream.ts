import { spawn } from 'node:child_process';
import { follow, submit } from './client.ts';
import { type Figure, summarise } from './figure.ts';
import { type GantryProcess, startGantry } from './gantry-process.ts';

const samples = 150;
const writer = (lines: number) => `
import sys, time
for _ in range(${lines}):
    time.sleep(0.03)
    sys.stdout.write('%.6f\\n' % time.time())
    sys.stdout.flush()
`;

/** From the moment at which a program writes a line to the moment at which a reader of the event stream has it. */
export async function measureStream(effort: number): Promise<Figure[]> {
  const server = await startGantry('up');
  try {
    const lines = Math.ceil(samples * effort);
    await overStream(server, lines);
    const measured = summarise(await overStream(server, lines));
    const bare = summarise(await overPipe(lines));
    return [
      {
        name: 'program writes to SSE client reads, p50',
        unit: 'ms',
        measured,
        baseline: { name: 'through a bare pipe', summary: bare },
        compared: `${measured.median.toFixed(1)} ms`,
        target: '<= 15 ms',
        reached: measured.median <= 15,
      },
    ];
  } finally {
    await server.stop();
  }
}

async function overStream(server: GantryProcess, lines: number): Promise<number[]> {
  const run = await submit(server, 'python', writer(lines));
  const delays: number[] = [];
  for await (const { event, data } of follow(server, run.id)) {
    if (event === 'output') delays.push(...delaysOf(data.data.text ?? ''));
  }
  if (delays.length < lines) throw new Error(`only ${delays.length} of ${lines} lines arrived`);
  return delays;
}

async function overPipe(lines: number): Promise<number[]> {
  const child = spawn('python3', ['-c', writer(lines)], {
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const delays: number[] = [];
  for await (const chunk of child.stdout.setEncoding('utf8')) delays.push(...delaysOf(String(chunk)));
  return delays;
}

function delaysOf(text: string): number[] {
  const now = performance.timeOrigin + performance.now();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => now - Number(line) * 1000);
}
