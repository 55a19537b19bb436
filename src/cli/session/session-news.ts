import { inert } from '../../base/inert.ts';
import {
  latestGoal,
  latestPlan,
  sessionView,
  type SessionView,
} from '../../capabilities/coding/session-view.ts';
import type { CheckResult, Verification } from '../../capabilities/coding/verify/verification.ts';
import type { StepState } from '../../capabilities/coding/schema.ts';
import type { Event } from '../../contract/event.ts';
import type { RunView } from '../../contract/run-view.ts';
import { eventLine } from '../event-line.ts';

/** Tells, event by event, what stays worth reading once it has scrolled by. */
export interface SessionNews {
  /** The lines of this event, which the view holds already; `live` says that phases are shown elsewhere. */
  of(event: Event, view: RunView, live: boolean): string[];
  /** The session as of the last event. */
  now(): SessionView;
}

export function createSessionNews(): SessionNews {
  let before = sessionView({ state: { now: new Map(), changes: [] } });
  let phase = '';
  return {
    now: () => before,
    of(event, view, live) {
      switch (event.type) {
        case 'state': {
          const after = sessionView(view);
          const lines = stateNews(before, after, live);
          before = after;
          return lines.map(inert);
        }
        case 'progress': {
          const { phase: name, message, failed } = event.data;
          const text = message === undefined ? name : `${name}: ${message}`;
          if (text === phase && !failed) return [];
          phase = text;
          return live && !failed ? [] : [inert(text)];
        }
        case 'log':
          return event.data.level === 'debug' ? [] : [inert(event.data.message)];
        case 'signal.received':
        case 'told':
        case 'run.cancelling':
        case 'run.pausing':
        case 'run.resumed':
          return lineOf(event);
        case 'run.queued':
          return event.data.reason === 'woken' || live ? [] : lineOf(event);
        case 'run.started':
          return event.data.attempt > 1 ? lineOf(event) : [];
        default:
          return [];
      }
    },
  };
}

function lineOf(event: Event): string[] {
  const line = eventLine(event);
  return line === undefined ? [] : [line.slice('00:00:00  '.length)];
}

function stateNews(before: SessionView, after: SessionView, live: boolean): string[] {
  return [
    ...goalNews(before, after, live),
    ...planNews(before, after),
    ...(after.baseline && after.baseline !== before.baseline
      ? [`Before the first change: ${checksText(after.baseline)}`]
      : []),
    ...after.steps.flatMap(({ state, position }) => {
      const earlier = before.steps.find(({ id }) => id === state?.id)?.state ?? null;
      return state && state !== earlier ? stepNews(earlier, state, position) : [];
    }),
    ...commitNews(before, after),
    ...pullNews(before, after),
    ...(after.followUp?.notice && after.followUp.notice !== before.followUp?.notice
      ? [after.followUp.notice]
      : []),
  ];
}

/** Where somebody is asked about it right here, the question says it. */
function goalNews(before: SessionView, after: SessionView, live: boolean): string[] {
  const spec = latestGoal(after.goal);
  if (after.goal?.status === 'accepted' && before.goal?.status !== 'accepted')
    return [`✓ Goal accepted: ${spec?.summary ?? ''}`];
  if (live || !spec || after.goal?.status !== 'proposed' || before.goal?.status === 'proposed') return [];
  return [`Goal: ${spec.summary}`];
}

function planNews(before: SessionView, after: SessionView): string[] {
  const plan = latestPlan(after.plan);
  if (after.plan?.status !== 'approved' || before.plan?.status === 'approved' || !plan) return [];
  return ['✓ Plan approved:', ...plan.steps.map(({ title }, index) => `  ${index + 1}. ${title}`)];
}

function stepNews(before: StepState | null, after: StepState, position: number): string[] {
  const attempts = after.attempts.slice(before?.attempts.length ?? 0);
  const tried = attempts.flatMap(({ verification, notice }) => [
    ...(notice === null ? [] : [`Step ${position}: ${notice}`]),
    ...(verification
      ? [`${verification.passed ? '✓' : '✗'} Step ${position}: ${checksText(verification)}`]
      : []),
  ]);
  const ended = before?.status === after.status ? undefined : ends[after.status];
  return [...tried, ...(ended === undefined ? [] : [`Step ${position}, "${after.title}", ${ended}`])];
}

const ends: Partial<Record<StepState['status'], string>> = {
  unchanged: 'needs no change.',
  skipped: 'is left out.',
  failed: 'failed.',
};

/** What the checks say, those that fail first. */
function checksText({ checks }: Verification): string {
  if (checks.length === 0) return 'nothing was checked';
  const rank = (check: CheckResult) =>
    ['failed', 'unavailable', 'failing-before', 'passed'].indexOf(check.status);
  const told = checks
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ name, status, summary }) =>
      status === 'passed'
        ? `${name} passes`
        : `${name} ${checkWords[status]}${summary === '' ? '' : ` (${summary})`}`,
    );
  return told.join('; ');
}

const checkWords = {
  failed: 'fails',
  'failing-before': 'fails as before',
  unavailable: "can't run",
} as const;

function commitNews({ branch: before }: SessionView, { branch }: SessionView): string[] {
  if (!branch) return [];
  const known = new Set(before?.commits.map(({ sha }) => sha));
  const commits = branch.commits
    .filter(({ sha }) => !known.has(sha))
    .map(({ sha, message, files, added, removed }) => {
      const subject = message.split('\n', 1)[0] ?? '';
      return `✓ ${sha.slice(0, 7)} ${subject} (${files} ${files === 1 ? 'file' : 'files'}, +${added} -${removed})`;
    });
  const pushed = branch.pushed !== null && branch.pushed !== before?.pushed;
  return [...commits, ...(pushed ? [`✓ Pushed ${branch.name}`] : [])];
}

function pullNews({ pull: before }: SessionView, { pull }: SessionView): string[] {
  if (!pull || (pull.state === before?.state && pull.number === before.number)) return [];
  const how = pull.state === 'open' ? (pull.isDraft ? 'opened as a draft' : 'opened') : pull.state;
  return [`✓ Pull request #${pull.number} ${before ? `is ${pull.state}` : how}: ${pull.url}`];
}
