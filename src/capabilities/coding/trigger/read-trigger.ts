import type { ForgeDelivery } from '../../../resources/ports/forge-delivery.ts';

/** What people write at the forge to start a session. */
export interface TriggerWords {
  readonly label: string;
  readonly words: readonly string[];
  /** Whether the session then looks after its pull request. */
  readonly followUp?: boolean;
}

/** Somebody asks for a session on an issue. */
export interface IssueTrigger {
  readonly via: 'label' | 'comment';
  /** The same however often it is delivered: `label`, or the comment's id. */
  readonly key: string;
  readonly issue: number;
  readonly title: string;
  readonly by: string;
  /** What the comment says behind the word; empty for a label. */
  readonly words: string;
  readonly comment: { readonly id: string; readonly body: string } | null;
}

/** Null when a delivery asks for none. What programs write starts nothing: two of them could talk for ever. */
export function readTrigger(delivery: ForgeDelivery, settings: TriggerWords): IssueTrigger | null {
  if (delivery.byBot) return null;
  if (delivery.kind === 'issue-labelled') {
    const { number: issue, title, actor: by, labels } = delivery;
    if (!labels.some((label) => same(label, settings.label))) return null;
    return { via: 'label', key: 'label', issue, title, by, words: '', comment: null };
  }
  if (delivery.kind !== 'issue-commented') return null;
  const { number: issue, title, actor: by, comment } = delivery;
  const words = addressed(comment.body, settings.words);
  if (words === null) return null;
  return { via: 'comment', key: `comment ${comment.id}`, issue, title, by, words, comment };
}

/**
 * What a comment says to Gantry: it begins with one of the words, and what follows is meant for it. Null for all else, and
 * for what Gantry wrote itself with an account that people use as well.
 */
export function addressed(body: string, words: readonly string[]): string | null {
  if (/<!--\s*gantry:/i.test(body)) return null;
  const text = body.trimStart();
  const word = words.find((each) => each !== '' && same(text.slice(0, each.length), each));
  if (word === undefined) return null;
  const rest = text.slice(word.length);
  // "@gantry-fan" is somebody else, "/gantry.txt" a file.
  if (rest !== '' && !/^(\s|[:,](\s|$))/.test(rest)) return null;
  return rest.replace(/^[:,]/, '').trim();
}

/** Whether a label is meant, however it is capitalised. */
export function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
