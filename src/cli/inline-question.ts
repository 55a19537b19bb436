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

export function openInlineQuestions(cli: Cli, client: Client, runId: string): InlineQuestions {
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
    askHere(cli, client, runId, { isTerminal, asked, signal: now.signal })
      .catch((error: unknown) => {
        if (!now.signal.aborted)
          cli.terminal.note(`gantry: ${inert(error instanceof Error ? error.message : String(error))}`);
      })
      .finally(() => {
        if (open === now) open = undefined;
      });
  };
  return { look, pause, isOpen: () => open !== undefined, end: pause };
}

interface Here {
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
        `gantry: It waits for an answer: ${inert(step.question.title)} Answer it in the inbox.`,
      );
    here.asked.add(place);
    return;
  }
  cli.terminal.note(questionText(step.question));
  const { answer, comment } = await typed(step.question, here.signal);
  const payload = { answer: answer.value, comment, ordinal: step.ordinal };
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

async function typed(
  { answers }: Question,
  signal: AbortSignal,
): Promise<{ readonly answer: Answer; readonly comment: string }> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    for (;;) {
      const key = (await lines.question(`Your answer [1-${answers.length}]: `, { signal })).trim();
      const answer = answers[Number(key) - 1];
      if (!answer) continue;
      if (answer.comment === 'none') return { answer, comment: '' };
      const comment = await lines.question(
        answer.comment === 'required' ? 'Say it: ' : 'A word about it, or Enter: ',
        { signal },
      );
      if (comment.trim() !== '' || answer.comment !== 'required') return { answer, comment: comment.trim() };
    }
  } catch (cause) {
    throw new GantryError('CONFLICT', 'The question was answered elsewhere.', { cause });
  } finally {
    lines.close();
  }
}
