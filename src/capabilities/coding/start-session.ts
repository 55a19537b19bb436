import { z } from 'zod';
import { GantryError } from '../../base/errors.ts';
import { route, type ApiReply, type ApiRoute } from '../../contract/api.ts';
import { isRepositoryAddress, repositoryMeant } from '../../contract/repository-address.ts';
import { budgetSchema, prioritySchema } from '../../contract/run.ts';
import type { RepositoryChoice } from '../../contract/repository.ts';
import { triggerOf } from '../../contract/trigger.ts';
import type { Actor } from '../../contract/user.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Repositories } from '../../resources/repositories/repositories.ts';
import { codingInputSchema, type CodingInput } from './schema.ts';
import { sessionRunSchema } from './session-reply.ts';

const repoSchema = z.union([
  z.string().trim().min(1).max(2000),
  z.strictObject({
    kind: z.literal('bundle'),
    bundleId: z.uuid().describe('What `POST /bundles` answered.'),
    name: z.string().min(1).max(200),
  }),
]);

/** Repositories of which the start of a session has to know which are connected. */
export type KnownRepositories = () => Pick<Repositories, 'list'>;

/** `POST /sessions`: the fields that people know a session by, over those of the run's input. */
export function startRoute(kernel: Kernel, repositories: KnownRepositories): ApiRoute {
  return route({
    method: 'POST',
    path: '/sessions',
    summary: 'Start a coding session',
    description:
      'Answers the run of `coding` as it was queued; `Location` is where its session is. `repo` is the name of a connected ' +
      'repository or its address in any form; a repository of your machine travels as a bundle.',
    tag: 'sessions',
    role: 'member',
    audit: { excused: 'The run says who started what, and when.' },
    body: codingInputSchema.omit({ repository: true, continues: true, askedBy: true, approve: true }).extend({
      repo: repoSchema,
      baseBranch: z
        .string()
        .min(1)
        .max(250)
        .optional()
        .describe('What the pull request is for; the default branch without it.'),
      budget: budgetSchema.optional().describe('It pauses and asks before it goes beyond.'),
      priority: prioritySchema.optional(),
    }),
    replies: { 202: sessionRunSchema },
    handle: async ({ actor, body: { repo, baseBranch, budget, priority, ...rest }, idempotencyKey }) => {
      const repository = await choiceOf(repo, baseBranch, repositories);
      const input: CodingInput = { repository, ...rest };
      return begun(kernel, actor, { input, budget, priority, idempotencyKey });
    },
  });
}

type Beginning = Pick<Parameters<Kernel['start']>[0], 'idempotencyKey'> & {
  readonly input: CodingInput;
  readonly budget?: z.infer<typeof budgetSchema> | undefined;
  readonly priority?: z.infer<typeof prioritySchema> | undefined;
};

/** Starts the session's run for this actor, and answers it as it was queued. */
export async function begun(
  kernel: Kernel,
  actor: Actor,
  { input, budget, priority, idempotencyKey }: Beginning,
): Promise<ApiReply> {
  const { run, replayed } = await kernel.start({
    ...{ capability: 'coding', input, trigger: triggerOf(actor), userId: actor.userId, idempotencyKey },
    ...(budget && { budget }),
    ...(priority && { priority }),
  });
  const headers = {
    location: `/api/v1/sessions/${run.id}`,
    ...(replayed && { 'idempotency-replayed': 'true' }),
  };
  return { status: 202, headers, body: run };
}

async function choiceOf(
  repo: z.infer<typeof repoSchema>,
  baseBranch: string | undefined,
  repositories: KnownRepositories,
): Promise<RepositoryChoice> {
  const at = baseBranch === undefined ? {} : { ref: baseBranch };
  if (typeof repo !== 'string') return { ...repo, ...at };
  const known = repositoryMeant(repo, await repositories().list());
  if (known) return { kind: 'connected', name: known.name, ...at };
  throw notConnected(repo);
}

/** What to do about a repository that nobody has connected, by how it was named. */
function notConnected(repo: string): GantryError {
  const problems = [{ path: 'repo', message: 'is not connected' }];
  if (/^(\.{1,2}|~)?\/|^\.{1,2}$/.test(repo)) {
    const message = `${repo} is no connected repository. One of your own machine is sent by \`gantry session --repo ${repo}\`; one of the server's an admin connects with \`gantry repos add\`.`;
    return new GantryError('NOT_FOUND', message, { problems });
  }
  const add = isRepositoryAddress(repo) ? ` ${repo}` : '';
  const message = `No repository is connected as ${repo}. An admin connects it with \`gantry repos add${add}\`, or on the page Repositories.`;
  return new GantryError('NOT_FOUND', message, { problems });
}
