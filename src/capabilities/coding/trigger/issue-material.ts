import { inert } from '../../../base/inert.ts';
import type { Forge, ForgeComment, ForgeIssue } from '../../../resources/ports/forge.ts';
import type { CodingInput } from '../schema.ts';
import { same, type IssueTrigger } from './read-trigger.ts';

const longestBody = 60_000;
const longestComments = 80_000;
const longestComment = 8000;

type Material = NonNullable<CodingInput['material']>;

export type FoundIssue =
  | { readonly kind: 'found'; readonly issue: ForgeIssue; readonly material: Material }
  /** What was delivered isn't there: taken back meanwhile, or never said. */
  | { readonly kind: 'gone' };

/**
 * Looks at the forge whether what was delivered is there, and reads what the issue says. `mostComments` bounds what a
 * stranger can have read; the latest are kept.
 */
export async function readIssue(
  forge: Forge,
  trigger: IssueTrigger,
  { label, mostComments }: { readonly label: string; readonly mostComments: number },
): Promise<FoundIssue> {
  const issue = await forge.issue(trigger.issue);
  if (issue.state !== 'open') return { kind: 'gone' };
  if (trigger.via === 'label' && !issue.labels.some((each) => same(each, label))) return { kind: 'gone' };
  const kept: ForgeComment[] = [];
  let size = 0;
  let seen = 0;
  let isThere = trigger.comment === null;
  for await (const comment of forge.comments({ on: 'issue', number: trigger.issue })) {
    seen += 1;
    if (comment.id === trigger.comment?.id) isThere = comment.author === trigger.by;
    if (comment.key === null) {
      kept.push(comment);
      size += lengthOf(comment);
      while (size > longestComments && kept.length > 1) size -= lengthOf(kept.shift());
    }
    if (seen >= mostComments) break;
  }
  // What lies beyond the bound is believed: the delivery is signed.
  if (!isThere && seen < mostComments) return { kind: 'gone' };
  return { kind: 'found', issue, material: materialOf(issue, kept, seen) };
}

function materialOf(issue: ForgeIssue, comments: readonly ForgeComment[], seen: number): Material {
  const { number, title, body, author } = issue;
  const about = {
    from: `issue #${number}, by ${plain(author)}`,
    text: cut(`${title}\n\n${body}`, longestBody),
  };
  if (comments.length === 0) return [about];
  const left = seen - comments.length;
  const texts = comments.map(
    ({ author: by, createdAt, body: said }) =>
      `${plain(by)}, ${createdAt.toISOString().slice(0, 10)}:\n${cut(said, longestComment)}`,
  );
  const all = [...(left > 0 ? [`(${left} other comments are left out.)`] : []), ...texts].join('\n\n');
  return [about, { from: `comments on issue #${number}`, text: cut(all, 99_000) }];
}

function lengthOf(comment: ForgeComment | undefined): number {
  return comment ? Math.min(comment.body.length, longestComment) + 100 : 0;
}

function cut(text: string, most: number): string {
  const whole = text.replaceAll('\0', '\u{fffd}').toWellFormed();
  return whole.length <= most ? whole : `${whole.slice(0, most).toWellFormed()}\n(Cut here.)`;
}

function plain(login: string): string {
  return inert(login).slice(0, 100);
}
