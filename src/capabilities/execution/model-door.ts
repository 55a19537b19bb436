import type { Run } from '../../contract/run.ts';
import type { StepContext } from '../../kernel/context.ts';
import type { ModelAnswer, Payer } from '../../resources/gateway/gateway.ts';
import { payerOf } from '../../resources/gateway/payer.ts';
import type { ProgramModels } from '../../resources/gateway/program-models.ts';
import type { ExecRequest } from '../../resources/ports/sandbox.ts';
import type { Plan } from './plan.ts';

interface Spent {
  readonly usd: number;
  readonly tokens: number;
}

/** Who pays for what a run's programs ask, and how much it was, also where nothing else came of the run. */
export interface Account {
  readonly payer: Payer;
  spent(): Partial<Spent>;
  set(spent: Spent): void;
}

export function openAccount(run: Run): Account {
  let last: Partial<Spent> = {};
  return {
    payer: payerOf(run),
    spent: () => last,
    set: (spent) => {
      last = spent;
    },
  };
}

interface Means {
  readonly programModels: () => ProgramModels;
  readonly account: Account;
  readonly step: StepContext;
}

/** What the program needs to end by itself, and the host to clean up after it. */
const slackMs = 60_000;

/**
 * Runs the program with a door to its models, and says besides what they cost. The door is shut when the program has
 * ended: what it left under way is given up, and booked before this resolves.
 */
export async function throughDoor<Result>(
  plan: Plan,
  { named, script }: NonNullable<Plan['models']>,
  { programModels, account, step }: Means,
  run: (request: ExecRequest) => Promise<Result>,
): Promise<Result & { readonly spent: Spent }> {
  const models = programModels();
  const { payer } = account;
  let turn = 0;
  const door = await models.open({
    payer,
    owner: step.owner,
    models: await models.resolve(named),
    script,
    signal: step.signal,
    lifeMs: plan.sandbox.limits.wallMs + slackMs,
    onAnswer: (answer) => step.emit({ type: 'model', data: toldOf(answer, turn++) }),
  });
  const shut = async () => {
    await door.close();
    const spent = await models.spent(payer.runId);
    account.set(spent);
    return spent;
  };
  let result: Result;
  try {
    result = await run(door.wrap(plan.run));
  } catch (error) {
    // What the program failed with is what counts.
    await shut().catch((err: unknown) => step.log.warn({ err }, 'what a program spent is not known'));
    throw error;
  }
  return { ...result, spent: await shut() };
}

function toldOf({ tokens, model, usd, fromCache, finish, durationMs }: ModelAnswer, turn: number) {
  return {
    ...{ agent: 'program', turn, purpose: 'program', model },
    ...{ inputTokens: tokens.input, cachedTokens: tokens.cacheRead, outputTokens: tokens.output },
    ...{ usd, fromCache, finish, durationMs: Math.round(durationMs) },
  };
}
