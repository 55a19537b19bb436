import { IconCode } from '@tabler/icons-react';
import type { WebCapability } from '../../../web/capability.ts';

/** The pages of coding sessions. */
export const coding: WebCapability = {
  name: 'coding',
  icon: IconCode,
  kind: (t) => t('codingNav:kind'),
  converses: true,
  pages: [],
};
