import type { OverBudget } from '../../contract/budget.ts';
import type { StepOwner } from '../../kernel/context.ts';
import type { ModelReply, ModelRequest } from '../ports/model.ts';

/** Whose run pays: what budgets and sums go by. */
export interface Payer {
  readonly runId: string;
  readonly userId: string | null;
  readonly repository: string | null;
  /** The run's own budget; what people allowed it later is added by the gateway. */
  readonly budget: { readonly usd?: number | undefined; readonly tokens?: number | undefined } | null;
}

export interface ModelCall extends ModelRequest {
  /** `provider/name`, or `scripted` with `script`. */
  readonly model: string;
  /** Tried in order when the one before can't answer. */
  readonly fallbacks?: readonly string[];
  /** Turns for the `scripted` driver, checked by it. */
  readonly script?: unknown;
  readonly payer: Payer;
  /** Which step asks; null for calls from outside of a step, such as a test of a model. */
  readonly owner: StepOwner | null;
  /** Answers from the response cache when the same was asked within this time, in milliseconds; 0 never. */
  readonly cacheMs?: number;
  /** What the call is for, for metrics and lists: `turn`, `compact`. */
  readonly purpose: string;
  /** Called when the pieces given to `onDelta` so far don't count: the answer begins anew, at another try. */
  readonly onRestart?: () => void;
}

export interface ModelAnswer extends ModelReply {
  readonly kind: 'answer';
  /** The model string that answered, which may be a fallback's. */
  readonly model: string;
  /** 0 when it came from the cache; null when nobody has said what the model costs. */
  readonly usd: number | null;
  readonly fromCache: boolean;
  readonly durationMs: number;
}

/** Nothing was asked and nothing paid. */
export interface CallRefused {
  readonly kind: 'over-budget';
  readonly over: OverBudget;
}

export interface ModelInfo {
  readonly model: string;
  /** Tokens of a whole conversation; a cautious figure where the model is unknown. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
}

/** The way to every model: choice, budgets, retries, fallbacks, cache and accounts. Drivers below it only call. */
export interface Gateway {
  /** The default model's string. MODEL_UNKNOWN says what to set when there is none. */
  defaultModel(): string;
  /** What is known of a model that may be used here. MODEL_UNKNOWN lists those that may. */
  info(model: string): Promise<ModelInfo>;
  /**
   * Checks the budgets, calls, retries what may pass (429, 5xx, silence), falls back, and books what it cost. Throws what
   * the model port throws when nothing answered.
   */
  complete(call: ModelCall): Promise<ModelAnswer | CallRefused>;
  /** What the run's calls have cost so far, those that failed included; what is under way is not in it. */
  spent(runId: string): Promise<{ readonly usd: number; readonly tokens: number }>;
  /**
   * Lets a run go beyond a budget that stopped it, by so much; the same `key` counts once. Who started a run may raise
   * its own budget (scope `run`, the run's id as subject), admins all. FORBIDDEN for others; NOT_FOUND without the run.
   */
  allow(
    runId: string,
    over: Pick<OverBudget, 'scope' | 'subject' | 'unit'>,
    amount: number,
    by: string | null,
    key: string,
  ): Promise<void>;
}
