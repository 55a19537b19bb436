import type { CodingInput } from '../../schema.ts';

/** What a person has chosen so far for a session that is not started yet. */
export interface SessionDraft {
  readonly goal: string;
  readonly repository: string | null;
  readonly base: string;
  readonly model: string | null;
  /** Dollars. */
  readonly budget: number | '';
  readonly auto: boolean;
  readonly draft: boolean;
  readonly followUp: boolean;
  readonly skip: readonly Phase[];
}

export type Phase = NonNullable<CodingInput['skip']>[number];

/** In the order in which a session comes to them. */
export const phases = [
  'goal',
  'plan',
  'verify',
  'review',
  'push',
  'pull',
] as const satisfies readonly Phase[];

export const noSession: SessionDraft = {
  ...{ goal: '', repository: null, base: '', model: null, budget: '' },
  ...{ auto: false, draft: false, followUp: false, skip: [] },
};

/** The body of `POST /sessions`: only what was chosen. */
export function requestOf(draft: SessionDraft, repo: string) {
  const { goal, base, model, budget, auto, skip } = draft;
  // There is no pull request to open or to look after without a push.
  const opens = !skip.includes('push') && !skip.includes('pull');
  return {
    ...{ repo, goal: goal.trim() },
    ...(base.trim() !== '' && { baseBranch: base.trim() }),
    ...(model !== null && { model }),
    ...(budget !== '' && { budget: { usd: budget } }),
    ...(auto && { auto }),
    ...(skip.length > 0 && { skip: phases.filter((phase) => skip.includes(phase)) }),
    ...(draft.draft && opens && { pull: 'draft' }),
    ...(draft.followUp && opens && { followUp: {} }),
  };
}

export type SessionField = 'goal' | 'repository' | 'base' | 'model' | 'budget';

const fieldsOfServer: Readonly<Record<string, SessionField>> = {
  ...{ goal: 'goal', repo: 'repository', repository: 'repository', baseBranch: 'base', model: 'model' },
  ...{ budget: 'budget', 'budget.usd': 'budget' },
};

/** What the server found wrong, at the fields that it is about; empty when it is about none of them. */
export function refusedFields(
  problems: readonly { readonly path: string; readonly message: string }[],
): Partial<Record<SessionField, string>> {
  return Object.fromEntries(
    problems.flatMap(({ path, message }) => {
      const field = fieldsOfServer[path];
      return field === undefined ? [] : [[field, sentence(message)]];
    }),
  );
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
