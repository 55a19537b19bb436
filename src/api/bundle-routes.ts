import { z } from 'zod';
import { GantryError } from '../base/errors.ts';
import { route, type ApiRoute } from '../contract/api.ts';
import type { Bundles } from '../resources/workspace/bundles.ts';

const bundleSchema = z.object({ id: z.uuid(), bytes: z.int() });

/** What command lines send of repositories that lie on their machine. */
export function bundleRoutes(bundles: Pick<Bundles, 'upload'>): ApiRoute[] {
  return [
    route({
      method: 'POST',
      path: '/bundles',
      summary: 'Upload a repository as a git bundle',
      description:
        'The body is what `git bundle create` writes, as application/octet-stream. Runs of the same user may work on it; ' +
        'one that no run uses is deleted after a day.',
      tag: 'repositories',
      role: 'member',
      upload: 'application/octet-stream',
      replies: { 201: bundleSchema },
      audit: { keep: [] },
      handle: async ({ actor, upload }) => {
        if (!upload) throw new GantryError('INPUT_INVALID', 'Send the bundle as application/octet-stream.');
        return { body: await bundles.upload(actor.userId, upload) };
      },
    }),
  ];
}
