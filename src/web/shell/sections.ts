import {
  type Icon,
  IconBrain,
  IconChartBar,
  IconCoins,
  IconGitBranch,
  IconInbox,
  IconKey,
  IconListDetails,
  IconServer2,
  IconUsers,
} from '@tabler/icons-react';
import type { Texts } from '../locales/texts.ts';
import type { ComponentType } from 'react';
import { InboxCount } from '../inbox/inbox-count.tsx';
import type { Role } from '../../contract/role.ts';

export interface Section {
  readonly path: string;
  readonly icon: Icon;
  readonly label: (t: Texts) => string;
  readonly group: 'first' | 'operate';
  /** Who has less doesn't see it. */
  readonly role?: Role;
  /** A count at the right of the line. */
  readonly Count?: ComponentType;
  /** With G before it, the key that goes there. */
  readonly key?: string;
}

/** The house's own places, in the order in which the sidebar shows them. */
export const sections: readonly Section[] = [
  {
    path: '/inbox',
    icon: IconInbox,
    label: (t) => t('inbox:title'),
    group: 'first',
    key: 'I',
    Count: InboxCount,
  },
  { path: '/runs', icon: IconListDetails, label: (t) => t('runs'), group: 'first', key: 'R' },
  {
    path: '/repositories',
    icon: IconGitBranch,
    label: (t) => t('repositories'),
    group: 'operate',
    key: 'O',
  },
  { path: '/models', icon: IconBrain, label: (t) => t('models'), group: 'operate', key: 'M' },
  { path: '/budgets', icon: IconCoins, label: (t) => t('budgets'), group: 'operate', key: 'B' },
  {
    path: '/secrets',
    icon: IconKey,
    label: (t) => t('secrets'),
    group: 'operate',
    role: 'member',
    key: 'K',
  },
  { path: '/usage', icon: IconChartBar, label: (t) => t('usage'), group: 'operate', key: 'T' },
  {
    path: '/people',
    icon: IconUsers,
    label: (t) => t('people'),
    group: 'operate',
    role: 'admin',
    key: 'U',
  },
  {
    path: '/system',
    icon: IconServer2,
    label: (t) => t('system'),
    group: 'operate',
    role: 'admin',
    key: 'Y',
  },
];
