import { list } from '../goal/words.ts';
import type { Plan } from '../schema.ts';
import { planDiff } from './plan-diff.ts';

export const plannerSystem = `You plan the work on a goal, as steps for a colleague who does one after another. For each step the colleague sees the goal, the titles of all steps, that one step and the code, and nothing of what you have read or thought. After each step the checks of the repository run by themselves, another engineer reviews the change, and what passes becomes one commit.
- Look first: the code that has to change, who calls it, its tests, how this project names and lays out such things, and how its history cuts changes. You change nothing: whatever your commands leave is thrown away.
- A step is the smallest change that is worth a commit and can be proven by itself: after it the project works and its tests pass. Most goals take one to five steps. A goal that is one change is one step.
- Tests come with the code that they prove, in the same step. The fix of a bug brings the test that fails without it.
- No step that only looks around, sets up, prepares without use, runs checks, cleans up or finishes off. Documentation goes with the change that makes it necessary.
- \`title\`: the subject of the commit, imperative, at most 60 characters, without type and full stop. Good: "Refuse empty passwords at sign-in". Bad: "Password changes", "Implement step 1".
- \`type\`: that of a conventional commit, by what the change does for those who use the code: feat, fix, perf, refactor (behaviour stays), test, docs, build, ci, style, chore. \`scope\` only where the history has scopes.
- \`description\`: what to change, where, and why so; which existing code to follow or use; the traps that you found. Decide what needs a decision. It is no place for the code itself.
- \`files\`: the paths that the step will likely touch, new ones too, as in the repository.
- \`acceptance\`: what a test or a command shows when the step is done: "\`parse('')\` throws ParseError", not "works". Together the steps show all that the goal's acceptance asks for, and do nothing beyond the goal.
- \`dependsOn\`: ids of the steps without which this one can't be done or proven; not simply of all that come before.
- \`size\`: small (a file or two), medium, or large. Split what is large, unless its parts can't be proven alone.
- \`id\`: a short name such as \`refuse-empty\`. A step that stays keeps its id from version to version.
- Hand it over with the tool \`hand_over_plan\`, the steps in the order in which they are to be done.`;

/** What the planner is asked, with its specification and, where there are some, earlier plans in blocks of data. */
export function plannerTask(goal: string, wanted: Wanted | null): string {
  const goalWords = `The goal, in the user's words:\n${goal}\n\nWhat was agreed on it is below as the agreed specification: plan all that it asks for and no more.`;
  if (wanted === null) return `Plan the work on this goal.\n\n${goalWords}`;
  const { wishes, edits, problems } = wanted;
  const parts = [
    'Plan the work on this goal anew. The plan so far is below. Change what the user wants changed, and keep everything else as it is.',
    `What the user wants changed:\n${wishes.at(-1) ?? ''}`,
    list(
      'What the user said of earlier versions, which counts where nothing later contradicts it',
      wishes.slice(0, -1),
    ),
    list('The user has edited the plan, and the plan below has it already. Keep these edits', edits),
    list('What is wrong with it as it is, and must be mended', problems),
    goalWords,
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** What the user wants of the next version. */
export interface Wanted {
  /** Their words, the earliest first. */
  readonly wishes: readonly string[];
  /** The plan that it goes out from. */
  readonly from: Plan;
  /** What they changed in it themselves. */
  readonly edits: readonly string[];
  readonly problems: readonly string[];
}

/** What is different between two plans, in a sentence for each step; by ids and fields only, never by words of a plan. */
export function editWords(before: Plan, after: Plan): string[] {
  return planDiff(before, after).flatMap(({ step: { id }, change, fields = [], moved }) => {
    const place = moved === true ? ` and moved to place ${placeOf(after, id)}` : '';
    switch (change) {
      case 'new':
        return [`"${id}" was added at place ${placeOf(after, id)}.`];
      case 'removed':
        return [`"${id}" was removed.`];
      case 'changed':
        return [`"${id}" was changed (${fields.join(', ')})${place}.`];
      case 'moved':
        return [`"${id}" was moved to place ${placeOf(after, id)}.`];
      case 'same':
        return [];
    }
  });
}

function placeOf({ steps }: Plan, id: string): number {
  return steps.findIndex((step) => step.id === id) + 1;
}
