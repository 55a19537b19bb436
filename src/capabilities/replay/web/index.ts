import { IconRepeat } from '@tabler/icons-react';
import { lazy } from 'react';
import type { WebCapability } from '../../../web/capability.ts';

/** What replays bring to the pages. */
export const replay: WebCapability = {
  name: 'replay',
  icon: IconRepeat,
  kind: (t) => t('replayNav:kind'),
  pages: [],
  ActOnRuns: lazy(() => import('./replay-dialog.tsx')),
  RunResult: lazy(() => import('./replay-result.tsx')),
};
