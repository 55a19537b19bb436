import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type AnyRoute,
} from '@tanstack/react-router';
import type { PageEntry } from './page-entry.ts';
import { pages } from './pages.ts';
import { AdminOnly } from './shell/admin-only.tsx';
import { NotFound } from './shell/not-found.tsx';
import { PageFailed } from './shell/page-failed.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Outlet, errorComponent: PageFailed });
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
const admin = createRoute({ getParentRoute: () => shell, id: 'admin', component: AdminOnly });

function routesUnder(parent: AnyRoute, belongs: (page: PageEntry) => boolean): AnyRoute[] {
  return pages.filter(belongs).map((page) =>
    createRoute({
      getParentRoute: () => parent,
      path: page.path,
      component: lazyRouteComponent(page.load),
      errorComponent: PageFailed,
    }),
  );
}

const ofAdmins = admin.addChildren(routesUnder(admin, ({ role }) => role === 'admin'));
const framed = routesUnder(shell, ({ bare, role }) => bare !== true && role === undefined);
const unknown = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound });
const bare = routesUnder(root, (page) => page.bare === true);

export const router = createRouter({
  routeTree: root.addChildren([...bare, shell.addChildren([ofAdmins, ...framed, unknown])]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});
