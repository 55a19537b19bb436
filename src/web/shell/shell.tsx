import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { meQuery, type Me } from '../api/me.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { Sidebar } from './sidebar.tsx';
import classes from './shell.module.css';
import { NoticeBar } from './notice-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { useHouse } from './use-house.tsx';
import { useMySettings } from './use-my-settings.ts';
import { useSamePerson } from './use-same-person.ts';

const Palette = lazy(() => import('../palette/palette.tsx'));
const KeyHelp = lazy(() => import('../commands/key-help.tsx'));
const SessionEnded = lazy(() => import('../sign-in/session-ended.tsx'));
const InboxNotices = lazy(() => import('../inbox/inbox-notices.tsx'));
const Toasts = lazy(() => import('./toasts.tsx'));

/** The frame of every page for those who are signed in; others are sent to sign in and come back here. */
export function Shell() {
  const { data: me, error } = useQuery(meQuery);
  const signedOut = me === undefined && error instanceof ApiError && error.code === 'UNAUTHENTICATED';
  useEffect(() => {
    if (!signedOut) return;
    // The fragment stays one: it may hold a whole program, and no server is told of it.
    const to = encodeURIComponent(location.pathname + location.search);
    location.assign(`/sign-in?to=${to}${location.hash}`);
  }, [signedOut]);
  if (me === undefined) return error && !signedOut ? <ErrorPanel error={error} /> : null;
  return <Frame me={me} />;
}

function Frame({ me }: { me: Me }) {
  const { t } = useTranslation('shell');
  const { overlay, setOverlay } = useHouse(me);
  useMySettings();
  useSamePerson(me);
  const openPalette = () => setOverlay('palette');
  const close = () => setOverlay(null);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {t('skip')}
      </a>
      <TopBar me={me} onSearch={openPalette} />
      <Sidebar me={me} onSearch={openPalette} />
      <main id="content" className={classes.main} tabIndex={-1}>
        <NoticeBar />
        <Outlet />
      </main>
      <BottomBar />
      <Suspense>
        <Toasts />
        <InboxNotices />
        <SessionEnded me={me} />
        <Palette opened={overlay === 'palette'} onClose={close} />
        <KeyHelp opened={overlay === 'keys'} onClose={close} />
      </Suspense>
    </div>
  );
}
