import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem, InboxPage } from '../../contract/inbox.ts';
import { get } from '../api/client.ts';
import { mySettingsQuery } from '../api/my-settings.ts';
import { onInboxChange } from '../live/inbox-feed.ts';
import { freshItems, isQuiet } from './notices.ts';

/** Lets the browser say what is new while no tab of Gantry is looked at; only if the person has allowed and chosen it. */
export function useBrowserNotices(): void {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const { data: settings } = useQuery(mySettingsQuery);
  const seen = useRef<ReadonlyMap<string, string> | null>(null);
  const values = settings?.values;
  useEffect(() => {
    if (values === undefined) return undefined;
    const wanted = values.notifications;
    const anyWanted = Object.values(wanted).some((channels) => channels.includes('browser'));
    if (!anyWanted || !('Notification' in window)) return undefined;
    const tell = (item: InboxItem) => {
      const notice = new Notification(t(`notice.${item.kind}`), {
        body: item.kind === 'question' ? `${item.headline}\n${item.title}` : item.title,
        // Of several tabs that say the same, one is seen.
        tag: `gantry-${item.id}-${item.lastAt}`,
        icon: '/icon.svg',
      });
      notice.addEventListener('click', () => {
        window.focus();
        void navigate({ to: '/inbox/$itemId', params: { itemId: item.id } });
        notice.close();
      });
    };
    const look = async () => {
      const page = await get<InboxPage>('/inbox', { limit: 20 });
      const { fresh, known } = freshItems(page.items, seen.current, wanted);
      seen.current = known;
      const silent = document.hasFocus() || Notification.permission !== 'granted';
      if (silent || isQuiet(values.quietHours, new Date())) return;
      for (const item of fresh.slice(0, 3)) tell(item);
    };
    const lookOrLeave = () => void look().catch(() => undefined);
    lookOrLeave();
    return onInboxChange(lookOrLeave);
  }, [values, navigate, t]);
}
