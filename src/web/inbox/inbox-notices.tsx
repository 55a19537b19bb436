import { useEffect } from 'react';
import { useInboxFeed } from '../live/inbox-feed.ts';
import { setWaitingCount } from '../parts/page-title.ts';
import { useBrowserNotices } from './use-browser-notices.ts';

/** Once in every page: the count in the tab's title, and what the browser tells. Shows nothing itself. */
export default function InboxNotices() {
  const waiting = useInboxFeed().waiting ?? 0;
  useEffect(() => setWaitingCount(waiting), [waiting]);
  useBrowserNotices();
  return null;
}
