import { webCapabilities } from './capabilities.ts';
import type { PageEntry } from './page-entry.ts';

const own: readonly PageEntry[] = [
  { path: '/', load: () => import('./start/start-page.tsx') },
  { path: '/runs/$runId', load: () => import('./run/run-page.tsx') },
  { path: '/runs', load: () => import('./runs/runs-page.tsx') },
  { path: '/usage', load: () => import('./usage/usage-page.tsx') },
  { path: '/sign-in', bare: true, load: () => import('./sign-in/sign-in-page.tsx') },
  { path: '/welcome', bare: true, load: () => import('./sign-in/welcome-page.tsx') },
  { path: '/join', bare: true, load: () => import('./sign-in/join-page.tsx') },
  { path: '/inbox', load: () => import('./inbox/inbox-page.tsx') },
  { path: '/inbox/$itemId', load: () => import('./inbox/inbox-page.tsx') },
  { path: '/account/notifications', load: () => import('./account/notifications.tsx') },
  { path: '/account', load: () => import('./account/account-page.tsx') },
  { path: '/people/$userId', role: 'admin', load: () => import('./people/person-page.tsx') },
  { path: '/people', role: 'admin', load: () => import('./people/people-page.tsx') },
  { path: '/repositories/$repository', load: () => import('./repositories/repository-page.tsx') },
  { path: '/repositories', load: () => import('./repositories/repositories-page.tsx') },
  { path: '/secrets', load: () => import('./secrets/secrets-page.tsx') },
  { path: '/models', load: () => import('./models/models-page.tsx') },
  { path: '/budgets', load: () => import('./budgets/budgets-page.tsx') },
  { path: '/more', load: () => import('./shell/more-page.tsx') },
  { path: '/system', role: 'admin', load: () => import('./system/overview-page.tsx') },
  { path: '/system/dead-letters', role: 'admin', load: () => import('./system/dead-letters-page.tsx') },
  { path: '/system/events', role: 'admin', load: () => import('./system/events-page.tsx') },
  { path: '/system/database', role: 'admin', load: () => import('./system/database-page.tsx') },
  { path: '/system/doctor', role: 'admin', load: () => import('./system/doctor-page.tsx') },
  { path: '/system/settings', role: 'admin', load: () => import('./system/settings-page.tsx') },
  { path: '/system/audit', role: 'admin', load: () => import('./system/audit-page.tsx') },
];

/** Every page there is: the house's own, and what the capabilities bring. */
export const pages: readonly PageEntry[] = [...own, ...webCapabilities.flatMap(({ pages }) => pages)];
