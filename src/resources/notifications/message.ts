import type { InboxKind } from '../../contract/inbox.ts';
import { plainWords } from './plain-words.ts';

/** What a message says of one item of an inbox. */
export interface Topic {
  readonly kind: InboxKind;
  readonly runId: string;
  readonly capability: string;
  readonly title: string;
  readonly headline: string;
  readonly count: number;
}

/** A message as every channel sends it: plain words, and at most one link. */
export interface Message {
  readonly id: string;
  readonly subject: string;
  readonly lines: readonly string[];
  readonly link: { readonly url: string; readonly label: string } | null;
}

const words: Readonly<Record<InboxKind, string>> = {
  question: 'Waiting for you',
  failed: 'Failed',
  dead: 'Dead',
  succeeded: 'Succeeded',
};
const mostLines = 20;
const noLink = 'There is no link here, because Gantry was not told its public address (GANTRY_PUBLIC_URL).';
const why = 'What you are told of, and how, is set in your account under Notifications.';

/** One topic as a message of its own, several as one summary. `publicUrl` is where people reach Gantry. */
export function messageOf(id: string, topics: readonly Topic[], publicUrl: string | undefined): Message {
  const [only] = topics;
  return only && topics.length === 1 ? single(id, only, publicUrl) : summary(id, topics, publicUrl);
}

/** The message by which a person finds out whether a channel works. */
export function testMessage(id: string, publicUrl: string | undefined): Message {
  return {
    id,
    subject: 'A test message from Gantry',
    lines: [
      'This channel works. You asked for this message in your account.',
      ...(publicUrl ? [] : [noLink]),
    ],
    link:
      publicUrl === undefined ? null : { url: new URL('/inbox', publicUrl).href, label: 'Open your inbox' },
  };
}

function single(id: string, topic: Topic, publicUrl: string | undefined): Message {
  const title = plainWords(topic.title);
  const headline = plainWords(topic.headline, 500);
  const asks = topic.kind === 'question';
  return {
    id,
    subject: `${words[topic.kind]}: ${asks ? headline : title}`,
    lines: [
      ...(headline === '' ? [] : [headline]),
      `${title} (${plainWords(topic.capability)})`,
      ...(topic.count > 1 ? [`This happened ${topic.count} times today.`] : []),
      ...(publicUrl === undefined ? [`The run is ${topic.runId}. ${noLink}`] : []),
      why,
    ],
    link:
      publicUrl === undefined
        ? null
        : {
            url: new URL(`/runs/${topic.runId}`, publicUrl).href,
            label: asks ? 'Answer it' : 'Open the run',
          },
  };
}

function summary(id: string, topics: readonly Topic[], publicUrl: string | undefined): Message {
  const waiting = topics.filter((topic) => topic.kind === 'question').length;
  const asked = waiting === 0 ? '' : waiting === 1 ? ', 1 waits for you' : `, ${waiting} wait for you`;
  const shown = topics.slice(0, mostLines).map((topic) => {
    const { kind, title, headline } = topic;
    return `${words[kind]}: ${kind === 'question' ? `${plainWords(headline)}, ` : ''}${plainWords(title)}`;
  });
  const more = topics.length - shown.length;
  return {
    id,
    subject: `${topics.length} things from Gantry${asked}`,
    lines: [
      ...shown,
      ...(more > 0 ? [`And ${more} more.`] : []),
      ...(publicUrl === undefined ? [noLink] : []),
      why,
    ],
    link:
      publicUrl === undefined ? null : { url: new URL('/inbox', publicUrl).href, label: 'Open your inbox' },
  };
}
