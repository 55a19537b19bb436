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
  pages: [],
};
