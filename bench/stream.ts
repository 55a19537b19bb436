import { spawn } from 'node:child_process';
import { follow, submit } from './client.ts';
import { type Figure, summarise } from './figure.ts';
import { type GantryProcess, startGantry } from './gantry-process.ts';

const lines = 150;
const program = `
import sys, time
for _ in range(${lines}):
    time.sleep(0.03)
    sys.stdout.write('%.6f\\n' % time.time())
    sys.stdout.flush()
`;

/** From the moment at which a program writes a line to the moment at which a reader of the event stream has it. */
export async function measureStream(): Promise<Figure[]> {
  const server = await startGantry('up');
  try {
    await overStream(server);
    const measured = summarise(await overStream(server));
    const bare = summarise(await overPipe());
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

async function overStream(server: GantryProcess): Promise<number[]> {
  const run = await submit(server, 'python', program);
  const delays: number[] = [];
  for await (const { event, data } of follow(server, run.id)) {
    if (event === 'output') delays.push(...delaysOf(data.data.text ?? ''));
  }
  if (delays.length < lines) throw new Error(`only ${delays.length} of ${lines} lines arrived`);
  return delays;
}

async function overPipe(): Promise<number[]> {
  const child = spawn('python3', ['-c', program], {
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
