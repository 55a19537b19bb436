import type { SandboxMount, SandboxExit } from '../../resources/ports/sandbox.ts';
import type { ToolCall } from '../agent.ts';

export interface ProgramRequest {
  readonly argv: readonly string[];
  readonly cwd?: string | undefined;
  readonly wallMs: number;
  readonly readOnly?: boolean;
  readonly mounts?: readonly SandboxMount[];
  /** Kept of its output, in characters; the middle of more is let go of. */
  readonly most: number;
  readonly live?: boolean;
  readonly stderr?: boolean;
}

export interface ProgramResult {
  readonly exit: SandboxExit;
  /** Both streams as they came, or stdout alone. */
  readonly text: string;
  readonly stderr: string;
  readonly truncated: boolean;
  readonly wallMs: number;
}

const outputBytes = 8 * 1024 ** 2;

/** Runs a program in the workspace's sandbox and keeps the beginning and the end of what it writes. */
export async function runProgram(
  { workspace, step, onOutput }: Pick<ToolCall, 'workspace' | 'step' | 'onOutput'>,
  request: ProgramRequest,
): Promise<ProgramResult> {
  const both = keeper(request.most);
  const errors = keeper(4000);
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const result = await workspace.exec({
    argv: request.argv,
    ...(request.cwd !== undefined && request.cwd !== '' && { cwd: request.cwd }),
    limits: { wallMs: request.wallMs, outputBytes },
    ...(request.readOnly && { readOnly: true }),
    ...(request.mounts && { mounts: request.mounts }),
    signal: step.signal,
    onOutput: ({ stream, data }) => {
      const text = decoders[stream].decode(data, { stream: true });
      if (stream === 'stderr') errors.add(text);
      if (stream === 'stdout' || request.stderr) both.add(text);
      if (request.live) onOutput(text);
    },
  });
  step.signal.throwIfAborted();
  const { exit, truncated, wallMs } = result;
  return { exit, truncated, wallMs, text: both.text(), stderr: errors.text() };
}

/** How a program ended, in a line for the model. */
export function exitLine({ exit, wallMs }: Pick<ProgramResult, 'exit' | 'wallMs'>): string {
  switch (exit.kind) {
    case 'exited':
      return `exit code ${exit.code}`;
    case 'signalled':
      return `ended by signal ${exit.signal}`;
    case 'cancelled':
      return 'cancelled';
    case 'limit':
      return limitLine(exit.limit, wallMs);
  }
}

function limitLine(limit: string, wallMs: number): string {
  if (limit === 'wall')
    return `stopped after ${Math.round(wallMs / 1000)} s: its time was up. Give it a longer timeout, or do less at once`;
  if (limit === 'output') return 'stopped: it wrote too much. Send its output to a file, or filter it';
  return `stopped: it used up its ${limit}`;
}

/** The beginning and the end of a text that comes in pieces, whatever its length. */
function keeper(most: number): { add(text: string): void; text(): string } {
  const headMost = Math.floor(most * 0.4);
  const tailMost = most - headMost;
  let head = '';
  let tail = '';
  let left = 0;
  return {
    add(text) {
      const toHead = text.slice(0, headMost - head.length);
      head += toHead;
      tail += text.slice(toHead.length);
      if (tail.length <= tailMost * 2) return;
      left += tail.length - tailMost;
      tail = tail.slice(-tailMost);
    },
    text() {
      const over = Math.max(0, tail.length - tailMost);
      const missing = left + over;
      const note = missing > 0 ? `\n[... ${missing} characters left out ...]\n` : '';
      return `${head}${note}${tail.slice(over)}`.toWellFormed();
    },
  };
}
