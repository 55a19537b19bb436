import type { ApiRoute } from '../contract/api.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { signInLinkRoutes } from './sign-in-link-routes.ts';
import { userRoutes } from './user-routes.ts';

/** Users, invitations, sign-in links and keys. Admins see all; everyone else sees what is theirs, and of the rest not that it exists. */
export function identityRoutes(identity: Identity): ApiRoute[] {
  return [
    ...userRoutes(identity),
    ...invitationRoutes(identity),
    ...signInLinkRoutes(identity),
    ...keyRoutes(identity),
  ];
}
