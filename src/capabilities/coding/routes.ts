import type { ApiRoute } from '../../contract/api.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Artifacts } from '../../resources/artifacts.ts';
import { resumeRoute } from './answer-session.ts';
import { historyRoute, streamRoute } from './follow-session.ts';
import { followUpRoute } from './follow-up-route.ts';
import { diffRoute, listRoute, removeRoute, showRoute } from './show-session.ts';
import { standingsRoute } from './session-standings.ts';
import { startRoute, type KnownRepositories } from './start-session.ts';

export interface SessionRouteParts {
  readonly artifacts: Artifacts;
  /** Asked at the time of use. */
  readonly repositories: KnownRepositories;
}

/** What HTTP callers can do with sessions. Whatever holds for all runs, such as a pause, is done to their runs. */
export function sessionRoutes(
  kernel: Kernel,
  { artifacts, repositories }: SessionRouteParts,
): readonly ApiRoute[] {
  return [
    startRoute(kernel, repositories),
    listRoute(kernel, repositories),
    standingsRoute(kernel),
    showRoute(kernel),
    resumeRoute(kernel),
    historyRoute(kernel),
    streamRoute(kernel),
    removeRoute(kernel),
    followUpRoute(kernel),
    diffRoute(kernel, artifacts),
  ];
}
