import type { Event } from '../../../../contract/event.ts';
import type { RunStatus } from '../../../../contract/run.ts';
import { isTerminal } from '../../../../contract/run-status.ts';
import {
  addOutput,
  createRunLog,
  keepOutput,
  loseOutput,
  type RunLog,
} from '../../../../contract/run-log.ts';

/** What a run's events come to while they are followed. Changed in place; `version` says that it was. */
export interface RunOutput {
  readonly runId: string | undefined;
  readonly log: RunLog;
  status: RunStatus;
  /** When the program's step began, by the server's clock, in Unix milliseconds. */
  startedAt: number | undefined;
  outputBytes: number;
  /** What the program used when it was last looked. */
  usage: { readonly wallMs: number; readonly cpuMs: number; readonly memoryBytes: number } | undefined;
  /** What it wrote, as it came: for a terminal. */
  raw: string[];
  /** Grows when what was written begins anew. */
  round: number;
  lastSeq: number;
  /** When the last event came about. */
  lastAt: string;
  version: number;
}

export function createRunOutput(runId?: string): RunOutput {
  return {
    runId,
    log: createRunLog(),
    status: 'queued',
    startedAt: undefined,
    outputBytes: 0,
    usage: undefined,
    raw: [],
    round: 0,
    lastSeq: 0,
    lastAt: '',
    version: 0,
  };
}

const encoder = new TextEncoder();

/** Takes the next event; one that came before is left out. */
export function takeEvent(output: RunOutput, event: Event): void {
  if (event.seq <= output.lastSeq) return;
  output.lastSeq = event.seq;
  output.lastAt = event.at;
  output.version += 1;
  if (event.type === 'output') {
    output.outputBytes += encoder.encode(event.data.text).length;
    output.raw.push(event.data.text);
    addOutput(output.log, event.seq, event.at, event.data);
  } else if (event.type === 'usage') output.usage = event.data;
  else if (event.type === 'step.started') output.startedAt = Date.parse(event.at);
  else if (
    event.type === 'step.retrying' ||
    (event.type === 'run.queued' && event.data.reason !== 'started')
  ) {
    loseOutput(output.log);
    output.outputBytes = 0;
    output.raw = [];
    output.round += 1;
  } else if (event.type === 'step.succeeded') keepOutput(output.log);
  output.status = statusAfter(event, output.status);
}

export function hasEnded(output: RunOutput): boolean {
  return isTerminal(output.status);
}

function statusAfter({ type }: Event, before: RunStatus): RunStatus {
  const known: Partial<Record<Event['type'], RunStatus>> = {
    'run.queued': 'queued',
    'run.started': 'running',
    'run.waiting': 'waiting',
    'run.succeeded': 'succeeded',
    'run.failed': 'failed',
    'run.cancelled': 'cancelled',
    'run.dead': 'dead',
  };
  return known[type] ?? before;
}

/** `1.093`: seconds since the program began, for the column beside its output. */
export function sinceStart(at: string, startedAt: number | undefined): string {
  return startedAt === undefined ? '' : (Math.max(0, Date.parse(at) - startedAt) / 1000).toFixed(3);
}
