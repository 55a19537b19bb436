import type { TFunction } from 'i18next';
import { inert } from '../../base/inert.ts';
import type { InboxItem } from '../../contract/inbox.ts';

const longest = 300;

/** The two lines of an item: what is asked or happened, and of which run or why. */
export function itemWords(
  item: Pick<InboxItem, 'kind' | 'title' | 'headline' | 'role' | 'resolution'>,
  t: TFunction<'inbox'>,
): { headline: string; detail: string } {
  const title = inert((item.title.trim() === '' ? t('untitled') : item.title).slice(0, longest));
  const why = inert(item.headline.slice(0, longest));
  if (item.kind === 'question') {
    const state = item.resolution === null ? '' : `${t(`resolution.${item.resolution}`)} · `;
    const whom = item.role === null ? '' : ` · ${t(`for.${item.role}`)}`;
    return { headline: why, detail: `${state}${title}${whom}` };
  }
  return { headline: t(`headline.${item.kind}`, { title }), detail: why === '' ? t('took') : why };
}
