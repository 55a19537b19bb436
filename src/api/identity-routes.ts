import type { ApiRoute } from '../contract/api.ts';
import type { Identity } from '../resources/identity/identity.ts';
import { instanceRoutes, type InstanceFacts } from './instance-routes.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { signInLinkRoutes } from './sign-in-link-routes.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { userRoutes } from './user-routes.ts';

/** Users, sign-ins, invitations, links and keys. Admins see all; everyone else sees what is theirs, and of the rest not that it exists. */
export function identityRoutes(identity: Identity, facts: InstanceFacts): ApiRoute[] {
  return [
    ...instanceRoutes(identity, facts),
    ...userRoutes(identity),
    ...signInRoutes(identity),
    ...invitationRoutes(identity),
    ...signInLinkRoutes(identity, facts.ready),
    ...keyRoutes(identity),
  ];
}
