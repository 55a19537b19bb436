import { IconTerminal2 } from '@tabler/icons-react';
import { lazy } from 'react';
import { comparable } from './result/comparable.ts';
import type { WebCapability } from '../../../web/capability.ts';

/** The pages of executions. */
export const execution: WebCapability = {
  name: 'execution',
  icon: IconTerminal2,
  kind: (t) => t('playgroundNav:kind'),
  comparable,
  RunResult: lazy(() => import('./result/run-result.tsx')),
  pages: [{ path: '/playground', load: () => import('./playground-page.tsx') }],
  nav: {
    path: '/playground',
    label: (t) => t('playgroundNav:nav'),
    key: 'P',
    start: (t) => t('playgroundNav:start'),
    newKey: 'E',
    about: (t) => t('playgroundNav:about'),
  },
  StartBox: lazy(() => import('./start-box.tsx')),
};
