import { GantryError } from '../base/errors.ts';
import { inputProblems } from '../contract/problem.ts';
import {
  answerMessageSchema,
  type AnswerMessage,
  type GivenAnswer,
  type Question,
} from '../contract/question.ts';
import { mayAnswer, refusalOf } from '../contract/answer-rules.ts';
import type { Role } from '../contract/role.ts';
import type { Queryable } from '../store/database.ts';

/** Who sends a message. Without `role` it is looked up; null is Gantry itself. */
export interface Sender {
  readonly userId: string;
  readonly role?: Role;
}

/** An answer that fits a question which is open. */
export interface FittingAnswer {
  readonly ordinal: number;
  readonly given: GivenAnswer;
}

interface AskingStep {
  readonly ordinal: number;
  readonly question: Question;
  readonly status: string;
  readonly due_at: Date | null;
  readonly expired: boolean;
  readonly given: GivenAnswer | null;
}

/**
 * Checks a message against what the run asks under this name; null when it asks nothing under it, and the message is an
 * ordinary one. The caller holds the run's lock, so that of two answers the second finds the first. CONFLICT when the
 * question was answered or is over, FORBIDDEN when somebody else is asked, INPUT_INVALID when it is none of the answers.
 */
export async function fitAnswer(
  tx: Queryable,
  runId: string,
  name: string,
  payload: unknown,
  sender: Sender | null,
): Promise<FittingAnswer | null> {
  const asking = await tx.query<AskingStep>(askingSql, [runId, name], 'asking_steps');
  if (asking.length === 0) return null;
  const parsed = answerMessageSchema.safeParse(payload);
  const message: AnswerMessage = parsed.success ? parsed.data : { answer: '' };
  const step = chosen(asking, message.ordinal);
  const person = await personOf(tx, sender);
  if (person && !mayAnswer(step.question.who, person)) throw notAsked(step.question);
  if (step.given) throw answered(step.question, step.given);
  if (step.status !== 'waiting' || step.expired) throw over(step);
  if (!parsed.success) throw unfit(step.question, inputProblems(parsed.error));
  const refusal = refusalOf(step.question, parsed.data);
  if (refusal !== null) throw unfit(step.question, [{ path: 'payload', message: refusal }]);
  const { answer: value, comment, data } = parsed.data;
  const label = step.question.answers.find((each) => each.value === value)?.label ?? value;
  const by = sender?.userId ?? null;
  return {
    ordinal: step.ordinal,
    given: {
      ...{ question: step.question.title, value, label, comment, by, byName: person?.name ?? null },
      ...(data !== undefined && { data }),
    },
  };
}

/** The one that the answer names, else the first that is open, else the latest. */
function chosen(asking: readonly AskingStep[], ordinal: number | undefined): AskingStep {
  const step =
    ordinal === undefined
      ? (asking.find((each) => each.status === 'waiting' && !each.given) ?? asking.at(-1))
      : asking.find((each) => each.ordinal === ordinal);
  if (!step) throw new GantryError('NOT_FOUND', `The run has not asked number ${ordinal} of this name.`);
  return step;
}

async function personOf(
  tx: Queryable,
  sender: Sender | null,
): Promise<{ userId: string; role: string; name: string | null } | null> {
  if (!sender) return null;
  const [user] = await tx.query<{ name: string; role: string }>(
    'SELECT name, role FROM users WHERE id = $1',
    [sender.userId],
  );
  return {
    userId: sender.userId,
    role: sender.role ?? user?.role ?? 'viewer',
    name: user?.name ?? null,
  };
}

function notAsked({ title, who }: Question): GantryError {
  const asked = who.kind === 'role' ? `any ${who.role}` : (who.name ?? 'somebody else');
  return new GantryError('FORBIDDEN', `"${title}" is asked of ${asked}; only they and admins answer it.`);
}

function answered({ title }: Question, given: GivenAnswer): GantryError {
  const by = given.byName ?? 'Somebody';
  return new GantryError('CONFLICT', `${by} has answered "${title}" already: ${given.label}.`);
}

function over(step: AskingStep): GantryError {
  const { title, onExpiry } = step.question;
  if (!step.due_at || !step.expired)
    return new GantryError('CONFLICT', `The run has gone on; "${title}" needs no answer any more.`);
  const then = onExpiry === undefined ? '' : ` ${onExpiry}`;
  return new GantryError('CONFLICT', `"${title}" expired at ${step.due_at.toISOString()}.${then}`);
}

function unfit({ title }: Question, problems: { path: string; message: string }[]): GantryError {
  const first = problems[0];
  return new GantryError('INPUT_INVALID', `That does not answer "${title}": ${first?.message ?? ''}`, {
    problems,
  });
}

const askingSql = `
  SELECT s.ordinal, s.question, s.status, s.due_at, coalesce(s.due_at <= clock_timestamp(), false) AS expired,
    (SELECT g.given FROM signals g WHERE g.run_id = s.run_id AND g.name = s.signal_name AND g.answers = s.ordinal
     ORDER BY g.id LIMIT 1) AS given
  FROM steps s WHERE s.run_id = $1 AND s.kind = 'signal' AND s.signal_name = $2 AND s.question IS NOT NULL
  ORDER BY s.position`;
