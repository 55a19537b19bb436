import type { Conversation } from '../../../../contract/run-conversation.ts';
import { isTerminal } from '../../../../contract/run-status.ts';
import type { RunView } from '../../../../contract/run-view.ts';
import { defaultRetries } from '../../default-retries.ts';
import type { SessionCommit, StepAttempt, StepState } from '../../schema.ts';
import { sessionView, type SessionStep, type SessionView } from '../../session-view.ts';
import { readAgentName } from './agent-name.ts';
import { stepTimes, type Span, type StepTimes } from './step-times.ts';

export interface WorkTry {
  readonly number: number;
  /** Null while it is under way. */
  readonly result: StepAttempt | null;
  readonly span: Span | null;
  readonly usd: number;
}

/** A step of the plan as the page shows it: how far it is, what it took, and what came of each try. */
export interface WorkStep {
  readonly id: string;
  readonly title: string;
  readonly position: number;
  readonly description: string;
  readonly dependsOn: readonly string[];
  /** `open`: not begun. `stopped`: the run ended in the midst of it. */
  readonly status: StepState['status'] | 'open' | 'stopped';
  readonly span: Span | null;
  readonly tries: readonly WorkTry[];
  readonly commit: SessionCommit | null;
  readonly diffFile: string | null;
  readonly usd: number;
}

export interface WorkView {
  readonly session: SessionView;
  readonly steps: readonly WorkStep[];
}

/** What a session does and has done, step by step. */
export function workView(view: RunView): WorkView {
  const session = sessionView(view);
  const times = stepTimes(view.state.changes);
  const isOver = isTerminal(view.status);
  return {
    session,
    steps: session.steps.map((step) => workStep(step, times.get(step.id), view.conversation, isOver)),
  };
}

function workStep(
  { id, title, position, planned, state }: SessionStep,
  times: StepTimes | undefined,
  conversation: Conversation,
  isOver: boolean,
): WorkStep {
  const tries = triesOf(id, state, times, conversation);
  return {
    ...{ id, title, position, tries },
    description: planned?.description ?? '',
    dependsOn: planned?.dependsOn ?? [],
    status: statusOf(state, isOver),
    span: times ?? null,
    commit: state?.commit ?? null,
    diffFile: state?.diffFile ?? null,
    usd: tries.reduce((sum, each) => sum + each.usd, 0),
  };
}

function statusOf(state: StepState | null, isOver: boolean): WorkStep['status'] {
  if (state === null) return 'open';
  const { status } = state;
  const isUnderWay = status === 'writing' || status === 'verifying' || status === 'waiting';
  return isUnderWay && isOver ? 'stopped' : status;
}

function triesOf(
  id: string,
  state: StepState | null,
  times: StepTimes | undefined,
  conversation: Conversation,
): WorkTry[] {
  const results = state?.attempts ?? [];
  const count = Math.max(results.length, times?.tries.length ?? 0);
  return Array.from({ length: count }, (_, index) => ({
    number: index + 1,
    result: results[index] ?? null,
    span: times?.tries[index] ?? null,
    usd: spentOn(conversation, id, index + 1),
  }));
}

function spentOn({ spentBy }: Conversation, step: string, attempt: number): number {
  let usd = 0;
  for (const [name, spent] of spentBy) {
    const agent = readAgentName(name);
    if (agent.step === step && agent.attempt === attempt) usd += spent.usd;
  }
  return usd;
}

/** What failed before the first change, so that it is not laid at the session's door. */
export function failedBefore({
  baseline,
}: SessionView): { readonly name: string; readonly summary: string }[] {
  return (baseline?.checks ?? [])
    .filter(({ status }) => status === 'failed' || status === 'failing-before')
    .map(({ name, summary }) => ({ name, summary }));
}

/** How many tries a step may have after its first. */
export function retriesOf(input: unknown): number {
  const limits = isObject(input) ? input.limits : undefined;
  const retries = isObject(limits) ? limits.retries : undefined;
  return typeof retries === 'number' ? retries : defaultRetries;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
