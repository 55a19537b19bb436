import { ansiText } from '../base/ansi.ts';
import { inert } from '../base/inert.ts';
import { eventSentence, eventText } from './event-text.ts';
import type { Event } from './event.ts';
import { peopleIn } from './people.ts';
import type { LogLine, RunLog } from './run-log.ts';
import { applyEvent, createRunView } from './run-view.ts';

type Names = Readonly<Record<string, string>>;

/**
 * The whole log of a run as inert text, in pieces as the pages of its events come. That a worker was lost, and its
 * output comes again, is said in a line of its own.
 */
export async function* logTextOf(
  run: { readonly id: string },
  pages: AsyncIterable<readonly Event[]>,
  namesOf: (ids: readonly string[]) => Promise<Names>,
): AsyncGenerator<string> {
  const view = createRunView(run);
  const names = new Map<string, string>();
  for await (const events of pages) {
    const unknown = peopleIn(events).filter((id) => !names.has(id));
    for (const [id, name] of Object.entries(unknown.length > 0 ? await namesOf(unknown) : {}))
      names.set(id, name);
    for (const event of events) applyEvent(view, event);
    yield textOf(takeLines(view.log, false), names);
  }
  yield textOf(takeLines(view.log, true), names);
}

/** Takes the lines that can't change any more out of the log; all of them at its end. */
function takeLines(log: RunLog, all: boolean): LogLine[] {
  const open = new Set<LogLine | undefined>([...log.open.values()].map(({ line }) => line));
  const first = all ? -1 : log.lines.findIndex((line) => open.has(line));
  const taken = log.lines.splice(0, first === -1 ? log.lines.length : first);
  log.dropped += taken.length;
  return taken;
}

function textOf(lines: readonly LogLine[], names: ReadonlyMap<string, string>): string {
  return lines.map((line) => `${line.at}  ${wordsOf(line, (id) => names.get(id) ?? id)}\n`).join('');
}

function wordsOf(line: LogLine, nameOf: (id: string) => string): string {
  if (line.kind === 'event') {
    const text = eventText(line.event, nameOf);
    return `gantry  ${inert(text ? eventSentence(text) : line.event.type)}`;
  }
  const source = line.stage === undefined ? line.stream : `${inert(line.stage)} ${line.stream}`;
  return `${source}  ${ansiText(line.text)}`;
}
