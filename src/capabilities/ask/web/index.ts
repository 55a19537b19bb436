import { IconMessageQuestion } from '@tabler/icons-react';
import { lazy } from 'react';
import type { WebCapability } from '../../../web/capability.ts';

/** The pages of questions about repositories. */
export const ask: WebCapability = {
  name: 'ask',
  icon: IconMessageQuestion,
  kind: (t) => t('askNav:kind'),
  converses: true,
  RunResult: lazy(() => import('./ask-result.tsx')),
  pages: [{ path: '/ask', load: () => import('./ask-page.tsx') }],
  nav: {
    path: '/ask',
    label: (t) => t('askNav:nav'),
    key: 'Q',
    start: (t) => t('askNav:start'),
    newKey: 'Q',
    about: (t) => t('askNav:about'),
  },
  StartBox: lazy(() => import('./ask-form.tsx')),
};
