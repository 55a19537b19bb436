import { route, type ApiRoute } from '../contract/api.ts';
import { keyRotationSchema } from '../contract/secret.ts';
import type { Rotation } from '../resources/secrets/rotation.ts';

const common = { path: '/secrets/rotation', tag: 'secrets', role: 'admin' } as const;

/** The change of the master key: begun over HTTP, done by the server, which also goes on with it after a crash. */
export function rotationRoutes(rotation: Rotation): ApiRoute[] {
  return [
    route({
      ...common,
      method: 'GET',
      summary: 'Say under which master key secrets are sealed, and where a change stands',
      replies: { 200: keyRotationSchema },
      handle: async () => ({ body: await rotation.state() }),
    }),
    route({
      ...common,
      method: 'POST',
      summary: 'Seal all secrets under a new master key',
      description:
        'Begins the change, or goes on with one that was begun. Runs and people go on meanwhile. Without a configured key a new key file is made beside the old one.',
      audit: { keep: [] },
      replies: { 202: keyRotationSchema },
      handle: async ({ actor }) => ({ status: 202, body: await rotation.start(actor.userId) }),
    }),
  ];
}
