import { GantryError } from '../../../base/errors.ts';
import type { Forge } from '../../../resources/ports/forge.ts';
import type { GitLabPlace } from './client.ts';
import { foundUsersReply, memberReply } from './replies.ts';

/* GitLab's names of levels: Guest, Developer, Maintainer. */
const [guest, developer, maintainer] = [10, 30, 40];

/** What people may do with the project, groups above it included. */
export function createMembers({ client, name, path }: GitLabPlace): Pick<Forge, 'permission'> {
  const reads = {
    doing: `ask what people may do on ${name}`,
    needs: 'the scope "read_api" or "api" and at least the role Reporter',
  };
  return {
    permission: async (login) => {
      const searchParams = { username: login };
      const users = await client.ask(
        reads,
        ({ get }) => get('users', { searchParams }).then(({ body }) => body),
        foundUsersReply,
      );
      const user = users.find((each) => each.username.toLowerCase() === login.toLowerCase());
      if (!user) return 'none';
      try {
        const one = `${path}/members/all/${user.id}`;
        const member = await client.ask(
          reads,
          ({ get }) => get(one, {}).then(({ body }) => body),
          memberReply,
        );
        if ((member.state ?? 'active') !== 'active' || member.access_level < guest) return 'none';
        if (member.access_level >= maintainer) return 'admin';
        return member.access_level >= developer ? 'write' : 'read';
      } catch (error) {
        if (error instanceof GantryError && error.code === 'NOT_FOUND') return 'none';
        throw error;
      }
    },
  };
}
