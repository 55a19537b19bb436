import type { Octokit } from 'octokit';
import type { z } from 'zod';
import { GantryError } from '../../../base/errors.ts';
import type { CredentialPurpose, ForgeAccess } from '../../../resources/ports/forge.ts';
import { assertPages, explainRefusal, readReply, type Act, type Refusal } from '../explain.ts';
import { patientFetch } from '../patient-fetch.ts';
import type { GitHubEndpoints } from './endpoints.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** A token of one installation or person; null asks as nobody. */
export interface TokenSource {
  token(purpose: CredentialPurpose): Promise<string | null>;
  /** Told of a token that GitHub no longer takes; answers whether another one can be had. */
  refused(token: string): Promise<boolean>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

export interface GitHubClient {
  /** Sends one request of GitHub's REST API, such as `GET /repos/{owner}/{repo}`, and checks what comes back. */
  ask<S extends z.ZodType>(
    act: GitHubAct,
    route: string,
    parameters: Parameters,
    schema: S,
  ): Promise<z.output<S>>;
  /** All entries of a list, page by page. */
  list<S extends z.ZodType>(
    act: GitHubAct,
    route: string,
    parameters: Parameters,
    entry: S,
  ): AsyncGenerator<z.output<S>>;
  /** One request whose answer isn't checked. */
  send(act: GitHubAct, route: string, parameters: Parameters): Promise<Reply>;
  /**
   * One request whose answer is read by the caller as it comes. With `leaves` the answer may lie elsewhere, as logs do: it
   * is fetched from there without the credential.
   */
  stream(
    act: GitHubAct,
    route: string,
    parameters: Parameters,
    options?: { readonly leaves?: boolean },
  ): Promise<AsyncIterable<Uint8Array>>;
}

/** Every act says what right it takes, so that a refusal can name it. */
export interface GitHubAct extends Act {
  readonly purpose: CredentialPurpose;
}

/** What the parts of this driver share: one repository at one GitHub, by one credential. */
export interface GitHubPlace {
  readonly client: GitHubClient;
  readonly endpoints: GitHubEndpoints;
  readonly at: { readonly owner: string; readonly repo: string };
  /** `acme/shop`. */
  readonly name: string;
  /** The account that Gantry writes as: only its texts can be ours. */
  login(): Promise<string>;
}

/** Octokit, without its own retries and queues: those wait without a bound, and share state among repositories. */
export async function openOctokit(
  access: Pick<ForgeAccess, 'fetch' | 'signal'>,
  { api }: Pick<GitHubEndpoints, 'api'>,
): Promise<Octokit> {
  const { Octokit } = await import('octokit');
  const silent = () => undefined;
  return new Octokit({
    baseUrl: api,
    userAgent: 'Gantry',
    request: { fetch: patientFetch(access) },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    retry: { enabled: false },
    throttle: { enabled: false },
  });
}

export function createGitHubClient(
  access: Pick<ForgeAccess, 'fetch' | 'signal'>,
  octokit: () => Promise<Octokit>,
  { name }: Pick<GitHubEndpoints, 'name'>,
  source: TokenSource,
): GitHubClient {
  async function send(act: GitHubAct, route: string, parameters: Parameters): Promise<Reply> {
    for (let again = true; ; again = false) {
      const token = await source.token(act.purpose);
      try {
        return await request(await octokit(), route, parameters, token);
      } catch (thrown) {
        const refusal = readRefusal(thrown, name);
        if (again && refusal.status === 401 && token !== null && (await source.refused(token))) continue;
        throw explainRefusal(name, refusal, act);
      }
    }
  }
  async function* list<S extends z.ZodType>(
    act: GitHubAct,
    route: string,
    parameters: Parameters,
    entry: S,
  ): AsyncGenerator<z.output<S>> {
    for (let page = 1; ; page += 1) {
      assertPages(page, name, act);
      const { data, headers } = await send(act, route, { per_page: 100, ...parameters, page });
      yield* readReply(entry.array(), data, name, act);
      // Where the next page is, is ours to say; that there is one, theirs.
      if (!/\brel="?next"?/.test(String(headers['link'] ?? ''))) return;
    }
  }
  return {
    ask: async (act, route, parameters, schema) =>
      readReply(schema, (await send(act, route, parameters)).data, name, act),
    list,
    send,
    stream: async (act, route, parameters, { leaves = false } = {}) => {
      const request = { fetch: patientFetch(access, { leaves }, true), parseSuccessResponseBody: false };
      const { data } = await send(act, route, { ...parameters, request });
      return data instanceof ReadableStream ? data : nothing();
    },
  };
}

async function* nothing(): AsyncGenerator<never> {}

async function request(
  octokit: Octokit,
  route: string,
  parameters: Parameters,
  token: string | null,
): Promise<Reply> {
  return octokit.request(route, {
    ...parameters,
    headers: {
      'x-github-api-version': '2022-11-28',
      ...(token !== null && { authorization: `token ${token}` }),
    },
  });
}

/** What GitHub refused, of what octokit threw. Its error holds the whole request, so it goes no further. */
export function readRefusal(thrown: unknown, name: string): Refusal {
  if (!(thrown instanceof Error)) throw thrown;
  if (thrown instanceof GantryError || thrown.name === 'AbortError') throw thrown;
  if (thrown.cause instanceof GantryError) throw thrown.cause;
  if ('response' in thrown && 'status' in thrown && typeof thrown.status === 'number')
    return { status: thrown.status, said: thrown.message };
  throw new GantryError('FORGE_UNAVAILABLE', `${name} could not be asked. Try again later.`, {
    cause: new Error(thrown.message),
  });
}
