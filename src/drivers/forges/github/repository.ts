import { GantryError } from '../../../base/errors.ts';
import type { Branch, CommitStatus, Forge, RemoteRepository } from '../../../resources/ports/forge.ts';
import type { AppTokens } from './app-tokens.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { branchReply, repositoryReply, statusReply } from './replies.ts';

const root = '/repos/{owner}/{repo}';
const longestDescription = 140;

/** The repository itself, its branches and the statuses of its commits. */
export function createRepository(
  { client, at, name, endpoints }: GitHubPlace,
  app: AppTokens | undefined,
): Pick<Forge, 'describe' | 'branch' | 'branches' | 'setStatus'> {
  const reads: GitHubAct = {
    doing: `read ${name}`,
    needs: 'the permissions "Metadata: read" and "Contents: read" on this repository',
    purpose: 'read',
  };
  async function describe(): Promise<RemoteRepository> {
    const found = await client.ask(reads, `GET ${root}`, at, repositoryReply);
    // GitHub names a default branch also where there is none yet.
    const empty = found.size === 0 && (await isEmpty());
    return {
      fullName: found.full_name,
      // Made here and not taken from the answer: this is where the credential goes.
      cloneUrl: `${endpoints.web}/${found.full_name}.git`,
      webUrl: found.html_url,
      defaultBranch: empty ? null : found.default_branch,
      isPrivate: found.private,
      isArchived: found.archived,
      mayPush: app ? await app.mayPush() : (found.permissions?.push ?? false),
    };
  }
  async function isEmpty(): Promise<boolean> {
    for await (const _ of branches()) return false;
    return true;
  }
  async function branch(branchName: string): Promise<Branch | undefined> {
    try {
      const found = await client.ask(
        reads,
        `GET ${root}/branches/{branch}`,
        { ...at, branch: branchName },
        branchReply,
      );
      // A renamed branch is answered under its new name.
      return found.name === branchName ? toBranch(found) : undefined;
    } catch (error) {
      const gone = error instanceof GantryError && error.code === 'NOT_FOUND';
      if (gone && /branch not found/i.test(String(error.cause))) return undefined;
      throw error;
    }
  }
  async function* branches(): AsyncGenerator<Branch> {
    for await (const each of client.list(reads, `GET ${root}/branches`, at, branchReply))
      yield toBranch(each);
  }
  return {
    describe,
    branch,
    branches,
    setStatus: async (commit: string, status: CommitStatus) => {
      const act: GitHubAct = {
        doing: `set a commit status on ${name}`,
        needs: 'the permission "Commit statuses: write"',
        purpose: 'write',
      };
      const { context, state, targetUrl } = status;
      const description = [...status.description].slice(0, longestDescription).join('');
      const parameters = { ...at, sha: commit, context, state, description };
      await client.ask(
        act,
        `POST ${root}/statuses/{sha}`,
        { ...parameters, ...(targetUrl !== undefined && { target_url: targetUrl }) },
        statusReply,
      );
    },
  };
}

function toBranch(reply: { name: string; commit: { sha: string }; protected: boolean }): Branch {
  return { name: reply.name, commit: reply.commit.sha, isProtected: reply.protected };
}
