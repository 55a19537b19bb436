import { inert } from '../../base/inert.ts';
import type { QueuedBecause } from '../../contract/queued-because.ts';
import { applyEvent, createRunView, type RunView } from '../../contract/run-view.ts';
import type { Cli } from '../cli.ts';
import type { Client } from '../client.ts';
import { followRun } from '../follow.ts';
import { openInlineQuestions } from '../inline-question.ts';
import { columnsOf, styled } from '../terminal.ts';
import { openLiveBlock, type LiveBlock } from './live-block.ts';
import { sessionLines } from './session-lines.ts';
import { createSessionNews } from './session-news.ts';
import { answeredElsewhere, askOfSession } from './session-questions.ts';

const colours = { good: 'green', bad: 'red', live: 'cyan', dim: 'dim' } as const;

/**
 * Shows a session from its start to its end on stderr: on a terminal phases, steps and cost as they change, in a pipe a line
 * for each thing that happens. What it asks is answered here on a terminal. With `--json` nothing is shown.
 */
export async function followSession(cli: Cli, client: Client, runId: string): Promise<void> {
  const { stderr } = cli.terminal;
  const view = createRunView({ id: runId });
  const news = createSessionNews();
  const block = stderr.isTTY && !cli.flags.json ? openBlock(stderr, view, news) : undefined;
  const turn = watchTurn(client, runId, (text) => {
    if (cli.flags.json) return;
    const line = `Waits for its turn: ${inert(text)}`;
    if (block) block.print([line]);
    else cli.terminal.note(line);
  });
  const questions = openInlineQuestions(cli, client, runId, {
    own: askOfSession,
    elsewhere: (step) => answeredElsewhere(runId, step),
    onOpen: () => block?.pause(),
    onClose: () => block?.resume(),
  });
  block?.resume();
  try {
    for await (const event of followRun(client, runId, new AbortController().signal)) {
      if (event.type === 'run.queued') turn.begin();
      else turn.end();
      if (event.type === 'run.waiting') questions.look();
      else if (questions.isOpen() && event.type === 'run.started') questions.pause();
      if (!applyEvent(view, event) || cli.flags.json) continue;
      const lines = news.of(event, view, block !== undefined).map((line) => coloured(line, stderr));
      if (lines.length === 0) continue;
      if (block) block.print(lines);
      else for (const line of lines) cli.terminal.note(line);
    }
  } finally {
    turn.end();
    questions.end();
    block?.end();
  }
}

const turnMs = 2000;

/** Says why a session is not begun yet, once it has waited for a moment. */
function watchTurn(
  client: Client,
  runId: string,
  say: (text: string) => void,
): { begin(): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  const end = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const look = async () => {
    const { queuedBecause } = await client.call<Asked>('GET', `/runs/${runId}/summary`);
    const text = queuedBecause?.text ?? '';
    if (!timer || text === '' || text === told) return;
    told = text;
    say(text);
  };
  const begin = () => {
    timer ??= setInterval(() => void look().catch(() => undefined), turnMs).unref();
  };
  return { begin, end };
}

interface Asked {
  readonly queuedBecause?: QueuedBecause | null;
}

function openBlock(
  stderr: NodeJS.WriteStream,
  view: RunView,
  news: ReturnType<typeof createSessionNews>,
): LiveBlock {
  return openLiveBlock(stderr, (spinner) =>
    sessionLines(view, news.now(), {
      ...{ now: Date.now(), columns: columnsOf(stderr), spinner },
      paint: (tone, text) => styled(colours[tone], text, stderr),
    }),
  );
}

function coloured(line: string, stderr: NodeJS.WriteStream): string {
  const mark = line.charAt(0);
  if (mark === '✓') return `${styled('green', mark, stderr)}${line.slice(1)}`;
  return mark === '✗' ? `${styled('red', mark, stderr)}${line.slice(1)}` : line;
}
