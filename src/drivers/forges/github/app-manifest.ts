import type { z } from 'zod';
import { GantryError } from '../../../base/errors.ts';
import type { ForgeAccess } from '../../../resources/ports/forge.ts';
import { explainRefusal, readReply } from '../explain.ts';
import { morePermissions, permissionsFor } from './app-tokens.ts';
import { openOctokit, readRefusal } from './client.ts';
import { endpointsOf } from './endpoints.ts';
import { appReply } from './replies.ts';

export interface AppPlan {
  /** What the App is called; unique at its GitHub. 34 characters at most. */
  readonly name: string;
  /** The address of this Gantry, for people. */
  readonly url: string;
  /** Where GitHub sends events; null for an App without any, as for a Gantry that GitHub can't reach. */
  readonly webhookUrl: string | null;
  /** Where GitHub sends the browser back to, with `?code=` and `&state=`. */
  readonly redirectUrl: string;
}

/** A form to post from a browser: GitHub shows a page that creates the App when its user agrees. */
export interface AppForm {
  readonly action: string;
  readonly fields: { readonly manifest: string };
}

/** An App as GitHub created it. Holds its keys: keep it sealed. */
export interface CreatedApp {
  readonly appId: string;
  readonly slug: string;
  readonly name: string;
  readonly webUrl: string;
  /** Where people install it on their repositories. */
  readonly installUrl: string;
  readonly privateKey: string;
  readonly webhookSecret: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
}

const events = [
  ...['pull_request', 'pull_request_review', 'pull_request_review_comment', 'issue_comment', 'issues'],
  ...['check_suite', 'status'],
] as const;

/** What the App is and may do, in GitHub's words ("Registering a GitHub App from a manifest"). */
function appManifest({ name, url, webhookUrl, redirectUrl }: AppPlan) {
  return {
    name: [...name].slice(0, 34).join(''),
    url,
    redirect_url: redirectUrl,
    public: false,
    default_permissions: { ...morePermissions, ...permissionsFor.write },
    ...(webhookUrl !== null && {
      hook_attributes: { url: webhookUrl, active: true },
      default_events: events,
    }),
  };
}

/**
 * The form that creates the App: of the person who posts it, or of `organization`. `state` comes back with the code, and
 * tells that the answer belongs to this question. INPUT_INVALID for a name that is none.
 */
export function appForm(
  plan: AppPlan,
  place: {
    readonly baseUrl?: string | undefined;
    readonly organization?: string | undefined;
    readonly state: string;
  },
): AppForm {
  const { web } = endpointsOf(place.baseUrl);
  const { organization, state } = place;
  if (organization !== undefined && !/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(organization))
    throw new GantryError('INPUT_INVALID', 'That is no name of an organization at GitHub.');
  const path =
    organization === undefined ? '/settings/apps/new' : `/organizations/${organization}/settings/apps/new`;
  const action = `${web}${path}?state=${encodeURIComponent(state)}`;
  return { action, fields: { manifest: JSON.stringify(appManifest(plan)) } };
}

/**
 * Trades the code that the browser came back with for the App and its keys. It works once and for one hour. NOT_FOUND when
 * the code is used up or over.
 */
export async function convertManifest(
  code: string,
  access: Pick<ForgeAccess, 'fetch' | 'signal'> & { readonly baseUrl?: string | undefined },
): Promise<CreatedApp> {
  const endpoints = endpointsOf(access.baseUrl);
  const { name, web } = endpoints;
  const act = {
    doing: 'hand out the new App',
    needs: 'a code that is less than an hour old and was not used',
  };
  const octokit = await openOctokit(access, endpoints);
  try {
    const { data } = await octokit.request('POST /app-manifests/{code}/conversions', { code });
    return toApp(readReply(appReply, data, name, act), web);
  } catch (thrown) {
    throw explainRefusal(name, readRefusal(thrown, name), act);
  }
}

function toApp(reply: z.output<typeof appReply>, web: string): CreatedApp {
  const slug = reply.slug ?? reply.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return {
    appId: String(reply.id),
    slug,
    name: reply.name,
    webUrl: reply.html_url,
    installUrl: `${web}/apps/${slug}/installations/new`,
    privateKey: reply.pem,
    webhookSecret: reply.webhook_secret,
    clientId: reply.client_id,
    clientSecret: reply.client_secret,
  };
}
