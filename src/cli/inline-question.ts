import { createInterface } from 'node:readline/promises';
import { GantryError } from '../base/errors.ts';
import { inert, inertLines } from '../base/inert.ts';
import type { Answer, Question } from '../contract/question.ts';
import type { Run } from '../contract/run.ts';
import type { Step } from '../contract/step.ts';
import type { Cli } from './cli.ts';
import type { Client } from './client.ts';
import type { Page } from './page.ts';

/** What a run asks, answered where it is followed. */
export interface InlineQuestions {
  /** The run waits: asks here what it asks, if this is a terminal. */
  look(): void;
  /** The run goes on: whatever is asked here was answered. */
  pause(): void;
  isOpen(): boolean;
  end(): void;
}

/** What somebody said to a question. */
export interface InlineAnswer {
  readonly answer: string;
  readonly comment: string;
  readonly data?: unknown;
}

/** Reads lines at the terminal until the question is over; it can step aside for another program. */
export interface Prompt {
  line(prompt: string): Promise<string>;
  /** Lets something else have the terminal meanwhile. */
  aside<Result>(work: () => Promise<Result>): Promise<Result>;
  say(text: string): void;
}

export interface InlineSettings {
  /** Asks in its own way; undefined leaves it to the usual one. */
  readonly own?: (question: Question, prompt: Prompt) => Promise<InlineAnswer> | undefined;
  /** Where to answer when this is no terminal. */
  readonly elsewhere?: (step: Step) => string;
  /** Told before something is asked here. */
  readonly onOpen?: () => void;
  readonly onClose?: () => void;
}

export function openInlineQuestions(
  cli: Cli,
  client: Client,
  runId: string,
  settings: InlineSettings = {},
): InlineQuestions {
  const { stdin, stderr } = process;
  const isTerminal = Boolean(stdin.isTTY && stderr.isTTY);
  let open: AbortController | undefined;
  const asked = new Set<string>();
  const pause = () => {
    open?.abort();
    open = undefined;
  };
  const look = () => {
    pause();
    const now = new AbortController();
    open = now;
    askHere(cli, client, runId, { ...settings, isTerminal, asked, signal: now.signal })
      .catch((error: unknown) => {
        if (!now.signal.aborted)
          cli.terminal.note(`gantry: ${inert(error instanceof Error ? error.message : String(error))}`);
      })
      .finally(() => {
        if (open === now) open = undefined;
        if (!open) settings.onClose?.();
      });
  };
  return { look, pause, isOpen: () => open !== undefined, end: pause };
}

interface Here extends InlineSettings {
  readonly isTerminal: boolean;
  /** What was said already, where it can't be answered here. */
  readonly asked: Set<string>;
  readonly signal: AbortSignal;
}

async function askHere(cli: Cli, client: Client, runId: string, here: Here): Promise<void> {
  const run = await client.call<Run>('GET', `/runs/${runId}`);
  if (!run.asks || here.signal.aborted) return;
  const { items } = await client.call<Page<Step>>('GET', `/runs/${runId}/steps`);
  const step = items.find(({ status, question, given }) => status === 'waiting' && question && !given);
  if (!step?.question || here.signal.aborted) return;
  const place = `${step.name}#${step.ordinal}`;
  if (!here.isTerminal || cli.flags.json) {
    if (!here.asked.has(place))
      cli.terminal.note(
        `gantry: It waits for an answer: ${inert(step.question.title)} ${here.elsewhere?.(step) ?? 'Answer it in the inbox.'}`,
      );
    here.asked.add(place);
    return;
  }
  here.onOpen?.();
  const given = await typed(cli, step.question, here);
  const payload = { ...given, ordinal: step.ordinal };
  await client.call('POST', `/runs/${runId}/signals`, { name: step.name, payload });
}

function questionText({ title, text, facts, items, answers }: Question): string {
  return [
    '',
    inert(title),
    ...(text === '' ? [] : [inertLines(text)]),
    ...facts.map(({ label, value }) => `  ${inert(label)}: ${inertLines(value).replaceAll('\n', '\n    ')}`),
    ...items.map((item) => `  - ${inert(item.title)}`),
    ...answers.map(({ label }, index) => `  ${index + 1}) ${inert(label)}`),
  ].join('\n');
}

async function typed(cli: Cli, question: Question, { own, signal }: Here): Promise<InlineAnswer> {
  let lines = openLines();
  const prompt: Prompt = {
    line: (text) => lines.question(text, { signal }),
    say: (text) => cli.terminal.note(text),
    aside: async (work) => {
      lines.close();
      try {
        return await work();
      } finally {
        lines = openLines();
      }
    },
  };
  try {
    const answered = own?.(question, prompt);
    if (answered) return await answered;
    prompt.say(questionText(question));
    return await chosen(question, prompt);
  } catch (cause) {
    if (cause instanceof GantryError) throw cause;
    throw new GantryError('CONFLICT', 'The question was answered elsewhere.', { cause });
  } finally {
    lines.close();
  }
}

function openLines() {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  return lines;
}

async function chosen({ answers }: Question, prompt: Prompt): Promise<InlineAnswer> {
  for (;;) {
    const key = (await prompt.line(`Your answer [1-${answers.length}]: `)).trim();
    const answer = answers[Number(key) - 1];
    if (!answer) continue;
    const comment = await commentOn(answer, prompt);
    if (comment !== undefined) return { answer: answer.value, comment };
  }
}

/** A word that goes with the answer; undefined when it needs one and got none. */
async function commentOn({ comment }: Answer, prompt: Prompt): Promise<string | undefined> {
  if (comment === 'none') return '';
  const said = await prompt.line(comment === 'required' ? 'Say it: ' : 'A word about it, or Enter: ');
  return said.trim() !== '' || comment !== 'required' ? said.trim() : undefined;
}
