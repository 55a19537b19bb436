import { useMemo } from 'react';
import type { RunMoment } from '../../../../web/run/run-follower.ts';
import { workView, type WorkView } from './work-view.ts';

/** What the session does, folded again only when something has happened. */
export function useWork({ view }: RunMoment): WorkView {
  const { version } = view;
  return useMemo(
    () => workView(view),
    // The view is changed in place; its version says when.
    // oxlint-disable-next-line react/exhaustive-deps
    [view, version],
  );
}
