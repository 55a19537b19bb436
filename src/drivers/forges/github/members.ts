import { GantryError } from '../../../base/errors.ts';
import type { Forge, Permission } from '../../../resources/ports/forge.ts';
import type { GitHubAct, GitHubPlace } from './client.ts';
import { permissionReply } from './replies.ts';

const levels: Readonly<Record<string, Permission>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
};

/** What people may do with the repository. */
export function createMembers({ client, at, name }: GitHubPlace): Pick<Forge, 'permission'> {
  const reads: GitHubAct = {
    doing: `ask what people may do on ${name}`,
    needs: 'the permission "Metadata: read", and to be able to push',
    purpose: 'read',
  };
  return {
    permission: async (login) => {
      const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
      try {
        const found = await client.ask(reads, route, { ...at, username: login }, permissionReply);
        return levels[found.permission] ?? 'none';
      } catch (error) {
        if (error instanceof GantryError && error.code === 'NOT_FOUND') return 'none';
        throw error;
      }
    },
  };
}
