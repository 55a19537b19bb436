import type { AgentEnd } from './agent.ts';
import { askForBudget } from './budget-question.ts';
import { charactersOf } from './crowded.ts';
import type { KeptReply } from './keep-reply.ts';
import { modelStep, type Question, type Told } from './model-step.ts';
import { askAboutOutage } from './outage-question.ts';
import { say, type Thread } from './thread.ts';

/** A reply that was paid for, or why there is none. */
export type Asked =
  | { readonly kind: 'reply'; readonly reply: KeptReply; readonly late: readonly Told[] }
  | { readonly kind: 'crowded'; readonly how: 'shorten' | 'summarise' }
  | { readonly kind: 'end'; readonly end: AgentEnd };

/**
 * Asks the model until it has answered: where a budget or an outage stands in the way, a person is asked, and the run
 * waits without cost. What people wrote in the meantime joins the conversation.
 */
export async function askModel(thread: Thread, question: Question): Promise<Asked> {
  for (let outages = 0; ;) {
    const { told, late, outcome } = await modelStep(thread, question);
    hearAll(thread, told);
    switch (outcome.kind) {
      case 'answer':
        count(thread, outcome, question);
        return { kind: 'reply', reply: outcome, late };
      case 'crowded':
        return outcome;
      case 'over-budget': {
        const end = await askForBudget(thread, outcome.over);
        if (end) return { kind: 'end', end };
        break;
      }
      case 'failed': {
        if (outcome.code === 'MODEL_TOO_LONG') return { kind: 'crowded', how: 'summarise' };
        outages += 1;
        const end = await askAboutOutage(thread, outcome, outages);
        if (end) return { kind: 'end', end };
      }
    }
  }
}

/** Adds what people wrote to the conversation. */
export function hearAll(thread: Thread, told: readonly Told[]): void {
  for (const { seq, text } of told) {
    thread.heard = Math.max(thread.heard, seq);
    thread.told.push(text);
    say(thread, toldText(text));
  }
}

/** How a message reads in the conversation. */
export function toldText(text: string): string {
  return `The user writes while you work:\n${text}`;
}

function count(thread: Thread, { tokens, usd, durationMs }: KeptReply, { purpose }: Question): void {
  const all = tokens.input + tokens.output;
  thread.calls += 1;
  thread.tokens += all;
  thread.activeMs += durationMs;
  thread.ctx.use({ tokens: all, usd: usd ?? 0, wallMs: durationMs });
  if (purpose !== 'compact' && tokens.input > 0)
    thread.measured = { tokens: tokens.input, characters: charactersOf(thread.messages) };
}
