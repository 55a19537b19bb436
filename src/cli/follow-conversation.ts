import { formatDuration } from '../base/duration.ts';
import { inert, inertStream } from '../base/inert.ts';
import type { Event } from '../contract/event.ts';
import type { Cli } from './cli.ts';
import type { Client } from './client.ts';
import { eventLine } from './event-line.ts';
import { followRun } from './follow.ts';
import { openInlineQuestions, type InlineQuestions } from './inline-question.ts';
import { openProgress } from './progress.ts';
import { styled } from './terminal.ts';

/** Events that the conversation tells in its own way, or that say nothing to who waits for an answer. */
const silent = new Set<Event['type']>([
  ...(['output', 'usage', 'step.started', 'step.succeeded', 'model', 'run.queued', 'run.succeeded'] as const),
  ...(['run.failed', 'run.dead', 'run.cancelled', 'run.waiting', 'progress', 'signal.received'] as const),
]);

/**
 * Shows on stderr what an agent says and does, from its start to its end: its words as they come, a line for each call of a
 * tool. What it asks is answered here on a terminal. With `--json` nothing is shown.
 */
export async function followConversation(cli: Cli, client: Client, runId: string): Promise<void> {
  const questions = openInlineQuestions(cli, client, runId);
  const view = cli.flags.json ? undefined : conversationView(cli, questions);
  try {
    for await (const event of followRun(client, runId, new AbortController().signal)) {
      if (event.type === 'run.waiting') questions.look();
      else questions.pause();
      view?.show(event);
    }
  } finally {
    questions.end();
    view?.end();
  }
}

function conversationView(cli: Cli, questions: InlineQuestions): { show(event: Event): void; end(): void } {
  const { stderr } = cli.terminal;
  const progress = openProgress(stderr);
  let words = inertStream();
  let lineOpen = false;
  let lastKind: 'text' | 'reasoning' | undefined;
  const endLine = () => {
    const rest = words.end();
    if (lineOpen) stderr.write(`${rest}\n`);
    lineOpen = false;
    words = inertStream();
  };
  const say = (text: string, kind: 'text' | 'reasoning') => {
    progress.pause();
    if (kind !== lastKind) endLine();
    lastKind = kind;
    const shown = words.push(text);
    if (shown === '') return;
    stderr.write(kind === 'reasoning' && stderr.isTTY ? styled('dim', shown, stderr) : shown);
    lineOpen = !shown.endsWith('\n');
  };
  const note = (line: string) => {
    endLine();
    progress.pause();
    cli.terminal.note(line);
  };
  const titles = new Map<string, string>();
  const show = (event: Event) => {
    if (questions.isOpen()) progress.pause();
    switch (event.type) {
      case 'said':
        if (event.data.again && lineOpen) note(styled('dim', '[begins anew]', stderr));
        return say(event.data.text, event.data.kind);
      case 'tool.called':
        titles.set(event.data.callId, event.data.title);
        endLine();
        return stderr.isTTY ? progress.step(event.data.title) : undefined;
      case 'tool.answered':
        return note(toolLine(stderr, event.data, titles.get(event.data.callId)));
      case 'model':
        endLine();
        return stderr.isTTY ? progress.step('thinking') : undefined;
      case 'run.started':
        return stderr.isTTY ? progress.step(`on ${event.data.worker}`) : undefined;
      case 'plan':
        return note(planLines(event.data.items));
      default: {
        const line = silent.has(event.type) ? undefined : eventLine(event);
        if (line !== undefined) note(line);
      }
    }
  };
  return {
    show,
    end: () => {
      endLine();
      progress.end();
    },
  };
}

type Answered = Extract<Event, { type: 'tool.answered' }>['data'];

function toolLine(
  stderr: NodeJS.WriteStream,
  { tool, failed, text, durationMs, changes }: Answered,
  title: string | undefined,
): string {
  const mark = failed ? styled('red', '✗', stderr) : styled('green', '✓', stderr);
  const what = inert(title ?? tool).slice(0, 300);
  const why = failed ? ` ${inert(reasonIn(text)).slice(0, 200)}` : '';
  const files = changes.length === 0 ? '' : `, ${changes.length} files changed`;
  return `${mark} ${what} ${styled('dim', `(${formatDuration(durationMs)}${files})`, stderr)}${why}`;
}

/** How a program ended stands in its last line; what else went wrong, in the first. */
function reasonIn(text: string): string {
  const lines = text.trim().split('\n');
  const last = lines.at(-1) ?? '';
  return last.startsWith('[') ? last : (lines[0] ?? '');
}

const boxes = { open: '[ ]', doing: '[>]', done: '[x]', dropped: '[-]' } as const;

function planLines(items: Extract<Event, { type: 'plan' }>['data']['items']): string {
  return ['Plan:', ...items.map(({ text, status }) => `  ${boxes[status]} ${inert(text)}`)].join('\n');
}
