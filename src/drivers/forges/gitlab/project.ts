import { GantryError } from '../../../base/errors.ts';
import type { Branch, CommitStatus, Forge } from '../../../resources/ports/forge.ts';
import type { GitLabPlace } from './client.ts';
import { branchReply, projectReply, statusReply } from './replies.ts';

const developer = 30;
const longestDescription = 255;

/** The project itself, its branches and the statuses of its commits. */
export function createProject({
  client,
  endpoints,
  name,
  path,
}: GitLabPlace): Pick<Forge, 'describe' | 'branch' | 'branches' | 'setStatus'> {
  const reads = {
    doing: `read ${name}`,
    needs: 'the scope "read_api" or "api" and at least the role Reporter',
  };
  const branchesPath = `${path}/repository/branches`;
  return {
    describe: async () => {
      const found = await client.ask(
        reads,
        ({ get }) => get(path, {}).then(({ body }) => body),
        projectReply,
      );
      const { project_access, group_access } = found.permissions ?? {};
      const level = Math.max(project_access?.access_level ?? 0, group_access?.access_level ?? 0);
      return {
        fullName: found.path_with_namespace,
        // Made here and not taken from the answer: this is where the credential goes.
        cloneUrl: `${endpoints.web}/${found.path_with_namespace}.git`,
        webUrl: found.web_url,
        defaultBranch: found.empty_repo ? null : (found.default_branch ?? null),
        isPrivate: (found.visibility ?? 'public') !== 'public',
        isArchived: found.archived ?? false,
        mayPush: level >= developer,
      };
    },
    branch: async (branch) => {
      try {
        const one = `${branchesPath}/${encodeURIComponent(branch)}`;
        return toBranch(
          await client.ask(reads, ({ get }) => get(one, {}).then(({ body }) => body), branchReply),
        );
      } catch (error) {
        const gone = error instanceof GantryError && error.code === 'NOT_FOUND';
        if (gone && /branch not found/i.test(String(error.cause))) return undefined;
        throw error;
      }
    },
    branches: async function* () {
      for await (const each of client.list(reads, branchesPath, {}, branchReply)) yield toBranch(each);
    },
    setStatus: async (commit, status) => {
      const act = {
        doing: `set a commit status on ${name}`,
        needs: 'the scope "api" and the role Developer',
      };
      try {
        await client.ask(
          act,
          ({ commits }) => commits.editStatus(name, commit, stateOf(status), fieldsOf(status)),
          statusReply,
        );
      } catch (error) {
        // The commit has this very status already.
        const same = error instanceof GantryError && /cannot transition status/i.test(String(error.cause));
        if (!same) throw error;
      }
    },
  };
}

function stateOf({ state }: CommitStatus): 'pending' | 'success' | 'failed' {
  return state === 'pending' || state === 'success' ? state : 'failed';
}

function fieldsOf({ context, description, targetUrl }: CommitStatus) {
  const short = [...description].slice(0, longestDescription).join('');
  return { name: context, description: short, ...(targetUrl !== undefined && { targetUrl }) };
}

function toBranch(reply: { name: string; commit: { id: string }; protected: boolean }): Branch {
  return { name: reply.name, commit: reply.commit.id, isProtected: reply.protected };
}
