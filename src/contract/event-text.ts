import { formatDuration } from '../base/duration.ts';
import type { Event, EventBody, EventType } from './event.ts';
import type { Budget } from './run.ts';

/**
 * What each event says, in one place for the command line and the page, whose catalogue translates it. `{{name}}` stands
 * for a value of `eventText`; several texts of one type differ by what follows the second point.
 */
export const eventTexts = {
  'run.queued.started': 'Queued',
  'run.queued.woken': 'Goes on',
  'run.queued.recovered': 'The worker was lost; queued again',
  'run.queued.retrying': 'Failed for a reason that may pass; queued again',
  'run.queued.handed-over': 'Handed over: its worker is shutting down',
  'run.started.first': 'Started on {{worker}}',
  'run.started.again': 'Started on {{worker}}, attempt {{attempt}}',
  'run.waiting.open': 'Waits for {{for}}',
  'run.waiting.paused': 'Rests until it is resumed',
  'run.waiting.until': 'Waits for {{for}} until {{until}}',
  'run.cancelling.by': '{{by}} cancels it',
  'run.cancelling.itself': 'Is being cancelled',
  'run.pausing.by': '{{by}} paused it',
  'run.pausing.itself': 'Paused',
  'run.resumed.by': '{{by}} resumed it',
  'run.resumed.itself': 'Resumed',
  'run.priority.by': '{{by}} set the priority to {{priority}}',
  'run.priority.itself': 'Priority {{priority}}',
  'run.budget.by': '{{by}} set the budget to {{bounds}}',
  'run.budget.itself': 'Budget {{bounds}}',
  'run.budget.none': '{{by}} took the budget away',
  'run.succeeded.end': 'Succeeded',
  'run.failed.end': 'Failed: {{message}}',
  'run.cancelled.by': 'Cancelled by {{by}}',
  'run.cancelled.itself': 'Cancelled',
  'run.dead.end': 'Dead: {{message}}',
  'step.started.first': '{{step}}',
  'step.started.again': '{{step}}, attempt {{attempt}}',
  'step.retrying.later': '{{step}} failed, tries again in {{delay}}: {{message}}',
  'step.succeeded.end': '{{step}} done in {{duration}}',
  'step.failed.end': '{{step}} failed: {{message}}',
  'signal.received.by': '{{by}} sent {{name}}',
  'signal.received.itself': '{{name}} came',
  'signal.received.answered': '{{by}} answered “{{question}}”: {{label}}',
  'signal.received.commented': '{{by}} answered “{{question}}”: {{label}}. {{comment}}',
  'child.started.run': '{{step}} started {{capability}} {{runId}}',
  'log.debug': '{{message}}',
  'log.info': '{{message}}',
  'log.warn': '{{message}}',
  'log.error': '{{message}}',
  'workspace.ready': 'Workspace of {{repository}} ready in {{duration}}',
  'egress.allowed': 'Reached {{host}}:{{port}}',
  'egress.refused': 'Refused {{host}}:{{port}}: {{reason}}',
  'model.paid': '{{model}}: {{tokens}} tokens in {{duration}}',
  'model.cached': '{{model}}: answered from the cache',
  'tool.called.begin': '{{title}}',
  'tool.answered.end': '{{tool}} done in {{duration}}',
  'tool.answered.failed': '{{tool}} failed: {{text}}',
  'plan.changed': 'Plan: {{done}} of {{all}} done',
  'told.by': '{{by}}: {{text}}',
  'told.itself': 'Message: {{text}}',
  'progress.bare': '{{phase}}',
  'progress.told': '{{phase}}: {{message}}',
} as const;

export type EventTextKey = keyof typeof eventTexts;
export interface EventText {
  readonly key: EventTextKey;
  readonly values: Readonly<Record<string, string | number>>;
}

type Said = [variant: string, values?: EventText['values']];
type Teller<Type extends EventType> = (
  data: Extract<EventBody, { type: Type }>['data'],
  nameOf: (userId: string) => string,
) => Said;

const byWhom = (
  by: string | null,
  nameOf: (userId: string) => string,
  values: EventText['values'] = {},
): Said => (by === null ? ['itself', values] : ['by', { ...values, by: nameOf(by) }]);

/** `$5.00, 200,000 tokens, 1 h 0 m` */
function boundsText({ usd, tokens, wallMs }: Budget): string {
  return [
    usd === undefined ? [] : `$${usd.toFixed(2)}`,
    tokens === undefined ? [] : `${tokens.toLocaleString('en')} tokens`,
    wallMs === undefined ? [] : formatDuration(wallMs),
  ]
    .flat()
    .join(', ');
}

/** The name of a step as people see it: the second of a name is `#2`. */
export function stepTitle({ step, ordinal }: { readonly step: string; readonly ordinal: number }): string {
  return ordinal === 0 ? step : `${step} #${ordinal + 1}`;
}

const tellers: { readonly [Type in EventType]: Teller<Type> | undefined } = {
  'run.queued': ({ reason }) => [reason],
  'run.started': ({ worker, attempt }) => [attempt > 1 ? 'again' : 'first', { worker, attempt }],
  'run.waiting': (data) =>
    data.for === 'resume'
      ? ['paused']
      : data.until === null
        ? ['open', { for: data.for }]
        : ['until', { for: data.for, until: data.until }],
  'run.cancelling': ({ by }, nameOf) => byWhom(by, nameOf),
  'run.pausing': ({ by }, nameOf) => byWhom(by, nameOf),
  'run.resumed': ({ by }, nameOf) => byWhom(by, nameOf),
  'run.priority': ({ by, priority }, nameOf) => byWhom(by, nameOf, { priority }),
  'run.budget': ({ by, budget }, nameOf) => {
    const bounds = boundsText(budget);
    if (bounds === '') return ['none', { by: by === null ? 'Gantry' : nameOf(by) }];
    return byWhom(by, nameOf, { bounds });
  },
  'run.succeeded': () => ['end'],
  'run.failed': ({ error }) => ['end', { message: error.message }],
  'run.cancelled': ({ by }, nameOf) => byWhom(by, nameOf),
  'run.dead': ({ error }) => ['end', { message: error.message }],
  'step.started': (data) => [
    data.attempt > 1 ? 'again' : 'first',
    { step: stepTitle(data), attempt: data.attempt },
  ],
  'step.retrying': (data) => [
    'later',
    { step: stepTitle(data), delay: formatDuration(data.delayMs), message: data.error.message },
  ],
  'step.succeeded': (data) => ['end', { step: stepTitle(data), duration: formatDuration(data.durationMs) }],
  'step.failed': (data) => ['end', { step: stepTitle(data), message: data.error.message }],
  'signal.received': ({ name, by, answer }, nameOf) => {
    if (!answer) return byWhom(by, nameOf, { name });
    const who = answer.byName ?? (by === null ? name : nameOf(by));
    const { question, label, comment } = answer;
    return [comment === '' ? 'answered' : 'commented', { by: who, question, label, comment }];
  },
  'child.started': (data) => [
    'run',
    { step: stepTitle(data), capability: data.capability, runId: data.runId },
  ],
  output: undefined,
  usage: undefined,
  log: ({ level, message }) => [level, { message }],
  workspace: ({ repository, durationMs }) => ['ready', { repository, duration: formatDuration(durationMs) }],
  egress: ({ host, port, allowed, reason }) => [allowed ? 'allowed' : 'refused', { host, port, reason }],
  said: undefined,
  model: ({ model, inputTokens, outputTokens, fromCache, durationMs }) =>
    fromCache
      ? ['cached', { model }]
      : ['paid', { model, tokens: inputTokens + outputTokens, duration: formatDuration(durationMs) }],
  'tool.called': ({ title }) => ['begin', { title }],
  'tool.answered': ({ tool, failed, text, durationMs }) =>
    failed
      ? ['failed', { tool, text: text.split('\n', 1)[0]?.slice(0, 200) ?? '' }]
      : ['end', { tool, duration: formatDuration(durationMs) }],
  plan: ({ items }) => [
    'changed',
    { done: items.filter(({ status }) => status === 'done').length, all: items.length },
  ],
  told: ({ text, by }, nameOf) => byWhom(by, nameOf, { text }),
  progress: ({ phase, message }) =>
    message === undefined ? ['bare', { phase }] : ['told', { phase, message }],
  state: undefined,
};

/** What an event says, as a key of `eventTexts` and its values; nothing for `output` and for events of a newer server. */
export function eventText(
  event: Event,
  nameOf: (userId: string) => string = (id) => id,
): EventText | undefined {
  const tell = tellers[event.type] as ((data: unknown, nameOf: (id: string) => string) => Said) | undefined;
  if (!tell) return undefined;
  const [variant, values = {}] = tell(event.data, nameOf);
  const key = `${event.type}.${variant}`;
  return isKey(key) ? { key, values } : undefined;
}

function isKey(key: string): key is EventTextKey {
  return Object.hasOwn(eventTexts, key);
}

/** The English sentence, for the command line. */
export function eventSentence({ key, values }: EventText): string {
  return eventTexts[key].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
}
