import { z } from 'zod';
import { route, type ApiRoute } from '../contract/api.ts';
import { modelsSchema, modelTestSchema, type Models } from '../contract/model.ts';
import { isAdmin } from '../contract/user.ts';
import type { ModelList } from '../resources/gateway/model-list.ts';

const tag = 'models';

/** Which models there are, what they cost and did, and whether they answer. */
export function modelRoutes(models: ModelList): ApiRoute[] {
  return [
    route({
      method: 'GET',
      path: '/models',
      summary: 'List providers and models, with prices and what they did in the last 30 days',
      description:
        'Models are those that the configuration names and those that were used. Where a provider is reached, and by what key, is for admins only.',
      tag,
      role: 'viewer',
      replies: { 200: modelsSchema },
      handle: async ({ actor }) => {
        const all = await models.read();
        return { body: isAdmin(actor) ? all : withoutPlaces(all) };
      },
    }),
    route({
      method: 'POST',
      path: '/models/test',
      summary: 'Ask a model for one word, to see whether it answers',
      description:
        'It costs next to nothing, and counts. What went wrong is in the reply, with what to do about it.',
      tag,
      role: 'admin',
      audit: { keep: ['model'] },
      body: z.strictObject({ model: z.string().min(1).max(300).describe('provider/name') }),
      replies: { 200: modelTestSchema },
      handle: async ({ actor, body, signal }) => ({
        body: await models.test(body.model, actor.userId, signal),
      }),
    }),
  ];
}

function withoutPlaces(all: Models): Models {
  const providers = all.providers.map((provider) => ({
    ...provider,
    keyFrom: null,
    baseUrl: null,
    remedy: provider.configured ? null : 'Ask an admin for access to it.',
  }));
  return { ...all, providers };
}
