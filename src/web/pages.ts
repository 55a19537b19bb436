import { webCapabilities } from './capabilities.ts';
import type { PageEntry } from './page-entry.ts';

const own: readonly PageEntry[] = [
  { path: '/', load: () => import('./start/start-page.tsx') },
  { path: '/runs', load: () => import('./runs/runs-page.tsx') },
  { path: '/more', load: () => import('./shell/more-page.tsx') },
  { path: '/system', role: 'admin', load: () => import('./system/overview-page.tsx') },
  { path: '/system/settings', role: 'admin', load: () => import('./system/settings-page.tsx') },
  { path: '/system/audit', role: 'admin', load: () => import('./system/audit-page.tsx') },
];

/** Every page there is: the house's own, and what the capabilities bring. */
export const pages: readonly PageEntry[] = [...own, ...webCapabilities.flatMap(({ pages }) => pages)];
