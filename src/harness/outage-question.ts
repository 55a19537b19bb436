import type { ErrorCode } from '../base/errors.ts';
import type { Ask } from '../contract/question.ts';
import type { AgentEnd } from './agent.ts';
import { mayPass } from './model-step.ts';
import { nameOf, type Thread } from './thread.ts';

interface Outage {
  readonly code: ErrorCode;
  readonly message: string;
}

const againMs = 600_000;
const mostByItself = 12;
const mostAsked = 50;

/**
 * The model gave no answer, after all tries and fallbacks: asks whether to try again, so that nothing that was done is
 * lost. An outage that may pass is tried again by itself as well, for two hours. Answers how the agent ends when that is
 * the answer.
 */
export async function askAboutOutage(
  thread: Thread,
  outage: Outage,
  times: number,
): Promise<AgentEnd | undefined> {
  const byItself = mayPass(outage.code) && times <= mostByItself;
  const given = await thread.ctx.ask(nameOf(thread, 'outage'), question(thread, outage, byItself), {
    timeoutMs: byItself ? againMs : undefined,
  });
  const goesOn = given?.value === 'again' || (!given && byItself);
  if (goesOn && times < mostAsked) return undefined;
  const notice = `The agent stopped because the model gave no answer: ${outage.message}`;
  return { kind: 'stopped', why: 'model', notice };
}

function question(thread: Thread, { code, message }: Outage, byItself: boolean): Ask {
  const { model } = thread.beginning.info;
  return {
    title: 'The model gives no answer. Try again?',
    text: 'The run waits, and nothing that it did so far is lost.',
    facts: [
      { label: 'Model', value: model },
      { label: 'Why', value: `${message} (${code})` },
    ],
    answers: [
      { value: 'again', label: 'Try again', tone: 'go' },
      { value: 'stop', label: 'Stop here', tone: 'refuse' },
    ],
    ...(byItself && { onExpiry: 'It tries again by itself.' }),
  };
}
