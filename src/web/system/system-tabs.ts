import type { Texts } from '../locales/texts.ts';

export interface SystemTab {
  readonly path: string;
  readonly label: (t: Texts) => string;
}

/** The pages of System, in the order of their tabs; each page is also a line in `pages.ts`. */
export const systemTabs: readonly SystemTab[] = [
  { path: '/system', label: (t) => t('system:tabs.overview') },
  { path: '/system/dead-letters', label: (t) => t('system:tabs.deadLetters') },
  { path: '/system/events', label: (t) => t('system:tabs.events') },
  { path: '/system/database', label: (t) => t('system:tabs.database') },
  { path: '/system/doctor', label: (t) => t('system:tabs.doctor') },
  { path: '/system/settings', label: (t) => t('system:tabs.settings') },
  { path: '/system/audit', label: (t) => t('system:tabs.audit') },
];
