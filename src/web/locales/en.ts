import { ask } from '../../capabilities/ask/web/locales/en.ts';
import { askNav } from '../../capabilities/ask/web/locales/nav.ts';
import { sessions } from '../../capabilities/coding/web/locales/sessions.ts';
import { codingWork } from '../../capabilities/coding/web/locales/work.ts';
import { codingReview } from '../../capabilities/coding/web/locales/review.ts';
import { codingNav } from '../../capabilities/coding/web/locales/nav.ts';
import { executionResult } from '../../capabilities/execution/web/locales/run-result.ts';
import { playground } from '../../capabilities/execution/web/locales/en.ts';
import { playgroundNav } from '../../capabilities/execution/web/locales/nav.ts';
import { replayNav } from '../../capabilities/replay/web/locales/nav.ts';
import { replay } from '../../capabilities/replay/web/locales/en.ts';
import { account } from './en/account.ts';
import { parts } from './en/parts.ts';
import { events, run } from './en/run.ts';
import { question } from './en/question.ts';
import { inbox } from './en/inbox.ts';
import { notify } from './en/notify.ts';
import { runs } from './en/runs.ts';
import { people } from './en/people.ts';
import { audit } from './en/audit.ts';
import { repositories } from './en/repositories.ts';
import { secrets } from './en/secrets.ts';
import { models } from './en/models.ts';
import { budgets } from './en/budgets.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { signIn } from './en/sign-in.ts';
import { start } from './en/start.ts';
import { system } from './en/system.ts';
import { usage } from './en/usage.ts';

/** Every text of the pages, by area, for the types. Each area is loaded with the modules that show it. */
export const en = {
  question,
  inbox,
  notify,
  account,
  people,
  signIn,
  run,
  events,
  runs,
  shell,
  parts,
  start,
  system,
  usage,
  settings,
  repositories,
  secrets,
  models,
  budgets,
  audit,
  ask,
  askNav,
  codingNav,
  codingReview,
  codingWork,
  sessions,
  playground,
  playgroundNav,
  replay,
  replayNav,
  executionResult,
};
