import { IconCode } from '@tabler/icons-react';
import { lazy } from 'react';
import type { WebCapability } from '../../../web/capability.ts';

/** The pages of coding sessions. */
export const coding: WebCapability = {
  name: 'coding',
  icon: IconCode,
  kind: (t) => t('codingNav:kind'),
  converses: true,
  questions: {
    goal: lazy(() => import('./review/goal-question.tsx')),
    plan: lazy(() => import('./review/plan-question.tsx')),
    step: lazy(() => import('./review/step-question.tsx')),
    publish: lazy(() => import('./review/publish-question.tsx')),
  },
  tabs: [
    {
      name: 'work',
      label: (t) => t('codingNav:tabs.work'),
      Panel: lazy(() => import('./work/work-tab.tsx')),
    },
    {
      name: 'diff',
      label: (t) => t('codingNav:tabs.diff'),
      Panel: lazy(() => import('./work/session-diff.tsx')),
    },
    {
      name: 'agreed',
      label: (t) => t('codingNav:tabs.agreed'),
      Panel: lazy(() => import('./work/agreed-tab.tsx')),
    },
  ],
  firstTab: ({ status }) => (status === 'succeeded' ? 'diff' : 'work'),
  Side: lazy(() => import('./work/session-side.tsx')),
  Lead: lazy(() => import('./work/session-lead.tsx')),
  RunResult: lazy(() => import('./work/session-result.tsx')),
  pages: [{ path: '/sessions', load: () => import('./sessions/sessions-page.tsx') }],
  nav: {
    path: '/sessions',
    label: (t) => t('codingNav:nav'),
    key: 'S',
    start: (t) => t('codingNav:start'),
    newKey: 'S',
    about: (t) => t('codingNav:about'),
    lists: true,
  },
  StartBox: lazy(() => import('./sessions/session-form.tsx')),
};
