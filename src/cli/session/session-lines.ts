import { formatDuration } from '../../base/duration.ts';
import { inert } from '../../base/inert.ts';
import type { SessionStep, SessionView } from '../../capabilities/coding/session-view.ts';
import type { Phase } from '../../contract/run-phases.ts';
import type { RunView } from '../../contract/run-view.ts';
import { dollars } from '../dollars.ts';
import { displayWidth, fitted } from '../table.ts';

type Tone = 'good' | 'bad' | 'live' | 'dim';

export interface Shown {
  readonly now: number;
  readonly columns: number;
  /** What moves while it works. */
  readonly spinner: string;
  /** Colours a piece of a line. */
  readonly paint: (tone: Tone, text: string) => string;
}

const mostSteps = 12;

/** Where a session stands, for the bottom of a terminal: phases, steps of the plan, what it does now and what it cost. */
export function sessionLines(view: RunView, session: SessionView, shown: Shown): string[] {
  return [
    ...wrapped(
      view.phases.map((phase) => phaseText(phase, shown)),
      shown.columns,
    ),
    ...stepLines(session.steps, shown),
    nowLine(view, shown),
  ];
}

function phaseText(
  { name, state, startedAt, endedAt, rounds }: Phase,
  { now, columns, spinner, paint }: Shown,
): Piece {
  const from = Date.parse(startedAt);
  const again = rounds > 1 ? ` x${rounds}` : '';
  const label = `${fitted(inert(name), columns - 20)}${again}`;
  switch (state) {
    case 'coming':
      return piece(paint, ['dim', `○ ${label}`]);
    case 'active':
      return piece(paint, ['live', `${spinner} ${label}`], ['dim', ` ${formatDuration(now - from)}`]);
    case 'done':
      return piece(
        paint,
        ['good', `✓ ${label}`],
        ['dim', endedAt === null ? '' : ` ${formatDuration(Date.parse(endedAt) - from)}`],
      );
    default:
      return piece(paint, ['bad', `✗ ${label}`]);
  }
}

interface Piece {
  readonly text: string;
  readonly width: number;
}

function piece(paint: Shown['paint'], ...parts: readonly (readonly [Tone, string])[]): Piece {
  return {
    text: parts.map(([tone, text]) => (text === '' ? '' : paint(tone, text))).join(''),
    width: parts.reduce((sum, [, text]) => sum + displayWidth(text), 0),
  };
}

/** Pieces side by side, on as many lines as they need. */
function wrapped(pieces: readonly Piece[], columns: number): string[] {
  const lines: string[] = [];
  let width = 0;
  for (const { text, width: own } of pieces) {
    if (lines.length > 0 && width + 2 + own < columns) {
      lines[lines.length - 1] += `  ${text}`;
      width += 2 + own;
    } else {
      lines.push(text);
      width = own;
    }
  }
  return lines;
}

function stepLines(steps: readonly SessionStep[], shown: Shown): string[] {
  if (steps.length === 0) return [];
  const at = steps.findLastIndex(({ state }) => state !== null);
  const first = Math.max(0, Math.min(at - Math.floor(mostSteps / 2), steps.length - mostSteps));
  const some = steps.slice(first, first + mostSteps);
  const more = steps.length - some.length;
  return [
    ...some.map((step) => stepLine(step, shown)),
    ...(more > 0 ? [shown.paint('dim', `    and ${more} more steps`)] : []),
  ];
}

const words = {
  writing: 'writing',
  verifying: 'verifying',
  waiting: 'waits for you',
  done: '',
  unchanged: 'nothing to change',
  skipped: 'left out',
  failed: 'failed',
} as const;

function stepLine({ position, title, state }: SessionStep, { columns, spinner, paint }: Shown): string {
  const status = state?.status;
  const [tone, mark]: [Tone, string] =
    status === 'done' || status === 'unchanged'
      ? ['good', '✓']
      : status === 'failed'
        ? ['bad', '✗']
        : status === 'writing' || status === 'verifying'
          ? ['live', spinner]
          : status === 'waiting'
            ? ['live', '?']
            : ['dim', status === 'skipped' ? '-' : '·'];
  const attempts = (state?.attempts.length ?? 0) + (status === 'writing' ? 1 : 0);
  const told = [
    status ? words[status] : '',
    attempts > 1 ? `try ${attempts}` : '',
    state?.commit?.sha.slice(0, 7) ?? '',
  ].filter((word) => word !== '');
  const rest = told.length === 0 ? '' : ` (${told.join(', ')})`;
  const label = fitted(`${position}  ${inert(title)}`, columns - displayWidth(rest) - 5);
  return `  ${paint(tone, mark)} ${label}${paint('dim', rest)}`;
}

function nowLine(view: RunView, { columns, spinner, paint }: Shown): string {
  const { spent } = view.conversation;
  const tokens = spent.inputTokens + spent.outputTokens;
  const cost = tokens === 0 ? '' : `  ${dollars(spent.usd)}, ${shortCount(tokens)} tokens`;
  const doing = fitted(`${spinner} ${doingNow(view)}`, columns - displayWidth(cost) - 1);
  return `${doing}${paint('dim', cost)}`;
}

/** What happens at this moment, in a few words. */
function doingNow(view: RunView): string {
  if (view.cancelling) return 'cancelling';
  if (view.status === 'queued') return 'waits for its turn';
  if (view.status === 'waiting') return `waits for ${inert(view.waiting?.for ?? 'somebody')}`;
  const turn = view.conversation.entries.findLast((entry) => entry.kind === 'turn');
  if (!turn) return inert(activePhase(view)?.message ?? 'begins');
  const tool = turn.tools.findLast(({ state }) => state === 'running');
  if (tool) return `${inert(turn.agent)}: ${inert(tool.title)}`;
  if (turn.model === null) return `${inert(turn.agent)} thinks`;
  return inert(activePhase(view)?.message ?? activePhase(view)?.name ?? 'works');
}

function activePhase({ phases }: RunView): Phase | undefined {
  return phases.findLast(({ state }) => state === 'active');
}

/** `950`, `12k`, `1.2M` */
export function shortCount(count: number): string {
  if (count < 1000) return String(count);
  return count < 1_000_000 ? `${Math.round(count / 1000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}
