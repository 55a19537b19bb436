import type { Commits, MergeRequests, ProjectAccessTokens } from '@gitbeaker/rest';
import type { z } from 'zod';
import type { ForgeAccess } from '../../../resources/ports/forge.ts';
import { assertPages, explainRefusal, readReply, type Act } from '../explain.ts';
import type { GitLabEndpoints } from './endpoints.ts';
import { createRequester, refusalOf, type Answer } from './requester.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** The parts of gitbeaker that are used; the whole of it would make two hundred objects. */
export interface Resources {
  readonly pulls: MergeRequests;
  readonly commits: Commits;
  readonly tokens: ProjectAccessTokens;
  /** A GET below `/api/v4`. */
  get(
    path: string,
    options: { readonly searchParams?: Parameters; readonly asStream?: boolean },
  ): Promise<Answer>;
  send(method: 'post' | 'put', path: string, body: Parameters): Promise<Answer>;
}

export interface GitLabClient {
  /** Does something with gitbeaker and checks what comes back. */
  ask<S extends z.ZodType>(
    act: Act,
    work: (resources: Resources) => Promise<unknown>,
    schema: S,
  ): Promise<z.output<S>>;
  /** All entries of a list below `/api/v4`, page by page. */
  list<S extends z.ZodType>(
    act: Act,
    path: string,
    parameters: Parameters,
    entry: S,
  ): AsyncGenerator<z.output<S>>;
  /** The same as `ask` without a check. */
  send<T>(act: Act, work: (resources: Resources) => Promise<T>): Promise<T>;
}

/** What the parts of this driver share: one project at one GitLab, by one token. */
export interface GitLabPlace {
  readonly client: GitLabClient;
  readonly endpoints: GitLabEndpoints;
  /** `acme/shop`. */
  readonly name: string;
  /** The path of the project below `/api/v4`. */
  readonly path: string;
  /** The account that Gantry writes as: only its texts can be ours. */
  login(): Promise<string>;
}

export function createGitLabClient(access: ForgeAccess, { name, web }: GitLabEndpoints): GitLabClient {
  let opened: Promise<Resources> | undefined;
  const resources = () => (opened ??= openResources(access, web));

  async function send<T>(act: Act, work: (resources: Resources) => Promise<T>): Promise<T> {
    try {
      return await work(await resources());
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      throw refusal ? explainRefusal(name, refusal, act) : thrown;
    }
  }
  async function* list<S extends z.ZodType>(
    act: Act,
    path: string,
    parameters: Parameters,
    entry: S,
  ): AsyncGenerator<z.output<S>> {
    let next: Parameters | undefined = { per_page: 100, ...parameters };
    for (let page = 1; next; page += 1) {
      assertPages(page, name, act);
      const searchParams: Parameters = next;
      const { body, headers } = await send(act, ({ get }) => get(path, { searchParams }));
      yield* readReply(entry.array(), body, name, act);
      next = nextPage(searchParams, headers);
    }
  }
  return {
    send,
    list,
    ask: async (act, work, schema) => readReply(schema, await send(act, work), name, act),
  };
}

/**
 * By number where GitLab gives one, else by the query of the link to the next page (keyset). Only its query is used: where
 * requests go is not up to an answer.
 */
function nextPage(present: Parameters, headers: Answer['headers']): Parameters | undefined {
  const page = headers['x-next-page'];
  if (page !== undefined) return page === '' ? undefined : { ...present, page };
  const [, address] = /<([^>]+)>;\s*rel="?next"?/.exec(headers['link'] ?? '') ?? [];
  const query = address === undefined ? undefined : URL.parse(address)?.searchParams;
  return query && { ...present, ...Object.fromEntries(query) };
}

async function openResources(access: ForgeAccess, host: string): Promise<Resources> {
  const { MergeRequests, Commits, ProjectAccessTokens } = await import('@gitbeaker/rest');
  const { auth } = access;
  const options = {
    host,
    queryTimeout: null,
    // Narrower than what gitbeaker can ask for, and than what it may answer: answers are checked here.
    requesterFn: createRequester(access) as never,
    ...(auth.kind === 'token' && { oauthToken: auth.token }),
  };
  const pulls = new MergeRequests(options);
  const { requester } = pulls;
  return {
    pulls,
    commits: new Commits(options),
    tokens: new ProjectAccessTokens(options),
    get: (path, { searchParams, asStream }) =>
      requester.get(path, {
        ...(searchParams && { searchParams: { ...searchParams } }),
        ...(asStream && { asStream }),
      }),
    send: (method, path, body) => requester[method](path, { body: { ...body } }),
  };
}
