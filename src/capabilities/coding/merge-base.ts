import { askAgent, writingTools } from './agents.ts';
import type { Built } from './build.ts';
import type { Building } from './build-step.ts';
import { commitStep } from './commit-step.ts';
import { doneOutput } from './done-tool.ts';
import { mayPublish } from './may-publish.ts';
import { retries } from './retries.ts';
import { verifyStep } from './verify-step.ts';
import { writerSystem } from './write-prompt.ts';

export type Merged =
  | { readonly kind: 'ready'; readonly built: Built }
  | { readonly kind: 'stopped'; readonly notice: string };

/**
 * Looks whether the base went on meanwhile. Where the two fit together nothing is to be done; where they don't, a person
 * has the agent merge them, pushes the branch as it is, or stops. With `auto` the agent merges.
 */
export async function mergeBase(building: Building, built: Built): Promise<Merged> {
  const { session, start } = building;
  const { ctx, input, resources } = session;
  const { base } = start.state;
  const ours = built.head ?? '';
  const { latest, files } = await ctx.step(
    'look at the base',
    async (step) => {
      const now = await resources.workspaces.latest(step, base);
      const known = now === base.commit;
      const found = known ? [] : await resources.workspaces.conflicts(step, base, ours, now);
      return { latest: now, files: found.slice(0, 200) };
    },
    { retry: retries.publishing },
  );
  if (files.length === 0) return { kind: 'ready', built };
  const choice = input.auto === true ? 'merge' : await askHow(building, files);
  if (choice === 'push') return { kind: 'ready', built };
  const notice = `${base.branch ?? 'The base'} has moved, and ${files.length} files are in conflict with it. The commits are kept with the session.`;
  if (choice !== 'merge') return { kind: 'stopped', notice };
  const merged = await mergeWithAgent(building, built, latest, files);
  return merged ?? { kind: 'stopped', notice: `${notice} The agent could not resolve them.` };
}

async function askHow(
  { session: { ctx }, start }: Building,
  files: readonly string[],
): Promise<string | undefined> {
  const base = start.state.base.branch ?? 'the base';
  const given = await ctx.ask('publish', {
    title: `${base} has moved, with conflicts`,
    text: `Others have changed the same lines on ${base} since the session began. The agent can merge ${base} into its branch and prove it again; or the branch is pushed as it is, and the pull request shows the conflicts.`,
    items: files.map((title) => ({ title })),
    subject: { kind: 'publish', value: { reason: 'conflicts', files: [...files] } },
    answers: [
      { value: 'merge', label: 'Let the agent merge', tone: 'go' },
      { value: 'push', label: 'Push as it is', tone: 'change' },
      { value: 'stop', label: 'Keep them here', tone: 'refuse' },
    ],
  });
  return given?.value;
}

const task = 'Merge the base branch';

/** Undefined when the agent's merge does not hold. */
async function mergeWithAgent(
  building: Building,
  built: Built,
  theirs: string,
  files: readonly string[],
): Promise<Merged | undefined> {
  const { session, start, before, spec } = building;
  const { ctx, resources } = session;
  const ours = built.head ?? '';
  const state = await ctx.step('merge', async (step) => {
    const workspace = await resources.workspaces.at(step, built.state, { dependencies: true });
    await workspace.merge(ours, theirs);
    return workspace.checkpoint(task);
  });
  const wrote = await askAgent(session, {
    name: 'merger',
    system: writerSystem,
    task: [
      `The base branch was merged into yours, with conflicts. Your branch's goal: ${spec.summary}`,
      'Resolve each conflict so that what both sides meant holds; leave no conflict marker. Then run the tests.',
      ...files.map((path) => `- ${path}`),
    ].join('\n'),
    tools: await writingTools(session, state),
    output: doneOutput,
    state,
    limits: session.input.limits,
  });
  const base = start.state.base.branch ?? 'the base';
  const message = `chore: Merge ${base} into ${start.branch}`;
  const parents = [ours, theirs];
  const candidate = await commitStep(session, {
    name: 'merge',
    state: wrote.state,
    message,
    step: null,
    parents,
  });
  if (candidate === null || hasMarkers(candidate.diff)) return undefined;
  const step = { title: task, description: `Merge ${base} and keep what both sides meant.`, acceptance: [] };
  const asked = { name: 'merge', spec, step, candidate, state: wrote.state };
  const verification = await verifyStep(session, start, before, asked);
  if (!verification.passed) return undefined;
  // What the base itself changed of CI is among these paths as well: asking once too often is the lesser evil.
  const allowed = await mayPublish(session, start, candidate.paths);
  if (!allowed.yes) return { kind: 'stopped', notice: allowed.notice };
  const commits = [...built.commits, candidate.commit];
  const { sha: head } = candidate.commit;
  return { kind: 'ready', built: { ...built, state: wrote.state, head, commits, verification } };
}

function hasMarkers(diff: string): boolean {
  return /^\+(<{7}|>{7}) /m.test(diff);
}
