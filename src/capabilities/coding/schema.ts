import { z } from 'zod';
import { agentChoices, agentLimitChoices } from '../../contract/agent-choices.ts';
import { repositoryChoiceSchema } from '../../contract/repository.ts';
import { verificationSchema } from './verify/verification.ts';

/** Phases that a small goal can do without. Without `plan` the goal is the only step; without `push` nothing leaves the run. */
export const skippablePhases = ['goal', 'plan', 'verify', 'review', 'push', 'pull'] as const;

const hash = z.string().regex(/^[0-9a-f]{40}$/);

/** How the agent looks after its pull request once it is open. */
export const followUpSchema = z.strictObject({
  comments: z
    .boolean()
    .default(true)
    .describe('Answers review comments, with changes where they ask for some.'),
  checks: z.boolean().default(true).describe('Mends what makes CI fail.'),
  attempts: z.int().min(1).max(20).default(3).describe('So often it tries before it asks a person.'),
  hours: z.number().positive().max(720).default(72).describe('So long it watches.'),
});
export type FollowUp = z.infer<typeof followUpSchema>;

export const codingInputSchema = z.strictObject({
  repository: repositoryChoiceSchema.describe('`ref` is the branch that the pull request is for.'),
  goal: z.string().trim().min(1).max(50_000).describe('What is to be different, in the words of the user.'),
  material: z
    .array(z.strictObject({ from: z.string().max(300), text: z.string().max(100_000) }))
    .max(20)
    .optional()
    .describe('What strangers wrote that the goal is about, such as an issue: told to agents as data.'),
  issue: z
    .int()
    .min(1)
    .optional()
    .describe('The issue that it is about: told of start and end, and named by the pull request.'),
  askedBy: z
    .strictObject({ login: z.string().max(200), via: z.enum(['label', 'comment']) })
    .optional()
    .describe('Who asked for it at the forge.'),
  approve: z.boolean().optional().describe('An admin has to allow it before anything else happens.'),
  auto: z.boolean().optional().describe('Asks nothing but what must not happen without a person.'),
  skip: z
    .array(z.enum(skippablePhases))
    .max(skippablePhases.length)
    .optional()
    .describe('Phases that it does without.'),
  pull: z
    .enum(['draft', 'ready'])
    .optional()
    .describe(
      "How the pull request is opened; as the repository's .gantry.yaml says without it, else ready.",
    ),
  followUp: followUpSchema
    .optional()
    .describe('Stays with the pull request; ends when it is open without it.'),
  continues: z
    .uuid()
    .optional()
    .describe('Looks once after the pull request of this earlier session, in place of making a new one.'),
  ...agentChoices,
  limits: z
    .strictObject({
      ...agentLimitChoices,
      turns: agentLimitChoices.turns.describe('Of the writing agent, for each try of a step.'),
      retries: z.int().min(0).max(10).optional().describe('Of a step that does not pass; 3 without it.'),
    })
    .optional(),
});
export type CodingInput = z.infer<typeof codingInputSchema>;

/* The goal ------------------------------------------------------------------------------------------------------- */

const shortTexts = z.array(z.string().min(1).max(1000)).max(30);

export const goalSpecSchema = z.object({
  summary: z.string().min(1).max(4000).describe('What will be different, in a few sentences.'),
  acceptance: shortTexts.describe('How one can tell that it is done; each can be checked.'),
  outOfScope: shortTexts,
  assumptions: shortTexts,
  risks: shortTexts,
});
export type GoalSpec = z.infer<typeof goalSpecSchema>;

export const critiqueSchema = z.object({
  summary: z.string().max(4000),
  points: z
    .array(z.object({ severity: z.enum(['blocking', 'minor']), text: z.string().min(1).max(2000) }))
    .max(30),
});

export const judgementSchema = z.object({
  verdict: z.enum(['ready', 'revise', 'infeasible']),
  reason: z.string().min(1).max(4000),
  instructions: shortTexts.describe('What the next proposal has to change.'),
});

/** One round of the debate; what has not been said yet is null. */
export const debateRoundSchema = z.object({
  round: z.int().min(1),
  proposal: goalSpecSchema.nullable(),
  critique: critiqueSchema.nullable(),
  judgement: judgementSchema.nullable(),
});
export type DebateRound = z.infer<typeof debateRoundSchema>;

export const goalIterationSchema = z.object({
  iteration: z.int().min(1),
  /** What the user wanted to have changed; null at first. */
  feedback: z.string().nullable(),
  rounds: z.array(debateRoundSchema),
  /** What came of it; null while it is debated. */
  spec: goalSpecSchema.nullable(),
});
export type GoalIteration = z.infer<typeof goalIterationSchema>;

/** State `goal`. */
export const goalStateSchema = z.object({
  status: z.enum(['debating', 'proposed', 'accepted', 'rejected', 'skipped']),
  iterations: z.array(goalIterationSchema),
});
export type GoalState = z.infer<typeof goalStateSchema>;

/* The plan ------------------------------------------------------------------------------------------------------- */

/** The types of conventional commits. */
export const commitTypes = [
  'feat',
  'fix',
  'refactor',
  'perf',
  'test',
  'docs',
  'build',
  'ci',
  'style',
  'chore',
] as const;

export const planStepSchema = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  title: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('As the subject of its commit: imperative, without a full stop.'),
  description: z.string().max(8000).describe('What to change and why; what to watch out for.'),
  type: z.enum(commitTypes),
  scope: z.string().max(40).optional(),
  files: z.array(z.string().min(1).max(1000)).max(100).describe('Paths that it will likely touch.'),
  dependsOn: z.array(z.string()).max(50).describe('Steps that must come before it.'),
  acceptance: z.array(z.string().min(1).max(1000)).max(20).describe('How one can tell that it is done.'),
  size: z.enum(['small', 'medium', 'large']),
});
export type PlanStep = z.infer<typeof planStepSchema>;

/** Steps in the order in which they are done. */
export const planSchema = z.object({ steps: z.array(planStepSchema).min(1).max(50) });
export type Plan = z.infer<typeof planSchema>;

export const planIterationSchema = planSchema.extend({
  iteration: z.int().min(1),
  by: z.enum(['agent', 'person']),
  feedback: z.string().nullable(),
});
export type PlanIteration = z.infer<typeof planIterationSchema>;

/** State `plan`. */
export const planStateSchema = z.object({
  status: z.enum(['planning', 'proposed', 'approved', 'rejected', 'skipped']),
  iterations: z.array(planIterationSchema),
});
export type PlanState = z.infer<typeof planStateSchema>;

/* The work ------------------------------------------------------------------------------------------------------- */

export const sessionCommitSchema = z.object({
  sha: hash,
  message: z.string(),
  /** The step that it is of; null for what follows the plan: merges, answers to reviews. */
  step: z.string().nullable(),
  files: z.int(),
  added: z.int(),
  removed: z.int(),
});
export type SessionCommit = z.infer<typeof sessionCommitSchema>;

export const stepAttemptSchema = z.object({
  attempt: z.int().min(1),
  turns: z.int(),
  /** Why the agent came to an end early, when it did. */
  notice: z.string().nullable(),
  verification: verificationSchema.nullable(),
});
export type StepAttempt = z.infer<typeof stepAttemptSchema>;

/** State `step <id>`. */
export const stepStateSchema = z.object({
  id: z.string(),
  title: z.string(),
  position: z.int().min(1),
  status: z.enum(['writing', 'verifying', 'waiting', 'done', 'unchanged', 'skipped', 'failed']),
  attempts: z.array(stepAttemptSchema),
  commit: sessionCommitSchema.nullable(),
  /** The file of the run that holds its diff. */
  diffFile: z.string().nullable(),
});
export type StepState = z.infer<typeof stepStateSchema>;

/** State `branch`: where the work stands. */
export const branchStateSchema = z.object({
  name: z.string(),
  base: z.string(),
  baseCommit: hash,
  commits: z.array(sessionCommitSchema),
  /** The commit that the remote has; null before the first push. */
  pushed: hash.nullable(),
});
export type BranchState = z.infer<typeof branchStateSchema>;

/** State `pull`. */
export const pullStateSchema = z.object({
  number: z.int(),
  url: z.string(),
  title: z.string(),
  state: z.enum(['open', 'closed', 'merged']),
  isDraft: z.boolean(),
});
export type SessionPull = z.infer<typeof pullStateSchema>;

/** State `follow-up`: what came after the pull request was open. */
export const followUpStateSchema = z.object({
  attempts: z.int(),
  of: z.int(),
  /** What it looks after now, or waits for. */
  doing: z.enum(['watching', 'answering', 'mending', 'over']),
  answered: z.array(z.object({ comment: z.string(), author: z.string(), url: z.string().nullable() })),
  notice: z.string().nullable(),
});
export type FollowUpState = z.infer<typeof followUpStateSchema>;

export const codingOutputSchema = z.object({
  outcome: z.enum(['opened', 'pushed', 'committed', 'unchanged', 'rejected', 'stopped', 'followed-up']),
  /** Why it ended without a pull request, in a sentence. */
  notice: z.string().nullable(),
  branch: z.string().nullable(),
  commits: z.array(z.object({ sha: hash, message: z.string() })),
  pullUrl: z.string().nullable(),
  pull: pullStateSchema.nullable(),
  verification: verificationSchema.nullable(),
  goal: goalSpecSchema.nullable(),
  /** The file of the run that holds the branch as a git bundle, where there is no remote to push to. */
  bundleFile: z.string().nullable(),
});
export type CodingOutput = z.infer<typeof codingOutputSchema>;
