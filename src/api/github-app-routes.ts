import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { gitHubAppStateSchema } from '../contract/repository.ts';
import type { AppForm, GitHubApps } from '../resources/repositories/github-app.ts';

const tag = 'repositories';
const common = { path: '/github-app', tag, role: 'admin' } as const;

/** Making a GitHub App for this server: a form that goes to GitHub, and what GitHub answers. */
export function gitHubAppRoutes(apps: GitHubApps): ApiRoute[] {
  return [
    route({
      ...common,
      method: 'GET',
      summary: 'Say which GitHub App this server has',
      replies: { 200: gitHubAppStateSchema },
      handle: async () => ({ body: await apps.state() }),
    }),
    formRoute(apps),
    route({
      ...common,
      method: 'POST',
      summary: 'Take over the GitHub App that was just made',
      description: 'With the `code` and `state` with which GitHub sent the browser back.',
      audit: { keep: [] },
      body: z.strictObject({ code: z.string().min(1).max(200), state: z.string().min(1).max(300) }),
      replies: { 200: gitHubAppStateSchema },
      handle: async ({ actor, body }) => ({ body: await apps.finish(actor.userId, body) }),
    }),
    route({
      ...common,
      method: 'DELETE',
      summary: 'Forget the GitHub App that was made',
      audit: { keep: [] },
      replies: { 204: z.undefined() },
      handle: async () => {
        await apps.forget();
        return {};
      },
    }),
  ];
}

/** A page of its own, because only its policy lets a form go to GitHub. */
function formRoute(apps: GitHubApps): ApiRoute {
  return route({
    method: 'GET',
    path: '/github-app/form',
    summary: 'Show the form that makes a GitHub App',
    description: 'For a browser: its button leads on to GitHub.',
    tag,
    role: 'admin',
    query: z.strictObject({ organization: z.string().max(39).optional() }),
    replies: { 200: z.string() },
    file: 'text/html',
    handle: async ({ actor, query: { organization } }) => {
      const form = await apps.form(actor.userId, organization?.trim() || undefined);
      return { headers: headersFor(form), download: once(pageOf(form)) };
    },
  });
}

function headersFor({ action }: AppForm): Record<string, string> {
  const { origin } = new URL(action);
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; form-action ${origin}; base-uri 'none'; frame-ancestors 'none'`,
  };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function pageOf({ action, fields: { manifest } }: AppForm): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>GitHub App - Gantry</title><h1>Make a GitHub App</h1>
<p>GitHub shows what the App may do and asks you to confirm. Then it sends you back here.</p>
<form method="post" action="${escaped(action)}"><input type="hidden" name="manifest" value="${escaped(manifest)}">
<button>Continue to ${escaped(new URL(action).host)}</button> <a href="/repositories">Back</a></form></html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
