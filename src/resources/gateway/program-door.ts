import { newToken } from '../../base/ids.ts';
import type { StepOwner } from '../../kernel/context.ts';
import type { Egress } from '../egress/egress.ts';
import { modelVariables, type Shim } from '../egress/shim.ts';
import type { ExecRequest } from '../ports/sandbox.ts';
import type { Gateway, ModelAnswer } from './gateway.ts';
import { createProgramEndpoint, type ProgramEndpointOptions } from './program-endpoint.ts';

export interface ProgramDoorOptions extends Omit<ProgramEndpointOptions, 'token'> {
  readonly egress: Pick<Egress, 'open'>;
  readonly shim: Pick<Shim, 'wrap'>;
  /** The step whose programs ask; a step of a run that another worker has by now pays nothing. */
  readonly owner?: StepOwner;
  /** Told of each answer when it was paid for. */
  readonly onAnswer?: (answer: ModelAnswer) => void;
  /** How long it stays open at most, in milliseconds; half an hour unless given. */
  readonly lifeMs?: number;
}

/** The way of one run's programs to its models, and to nothing else. */
export interface ProgramDoor {
  /** The same program, with `OPENAI_BASE_URL` and `OPENAI_API_KEY` set to what leads through the door. */
  wrap(request: ExecRequest): ExecRequest;
  /**
   * The token is worth nothing from now on. What was under way is given up, and what it cost is booked when this resolves.
   * Safe to call twice.
   */
  close(): Promise<void>;
}

/** Opens a door for a run's programs. It closes with `signal` as well, but only `close` takes its socket away. */
export async function openProgramDoor({
  egress,
  shim,
  signal,
  lifeMs,
  owner,
  onAnswer,
  ...options
}: ProgramDoorOptions): Promise<ProgramDoor> {
  const token = newToken();
  const closed = new AbortController();
  const { gateway, settled } = followed(options.gateway, owner, onAnswer);
  const door = await egress.open({
    allow: [],
    // Nothing is on the list, so there is nothing to tell but refusals that nobody asked about.
    onDecision: () => undefined,
    ...(lifeMs !== undefined && { limits: { totalMs: lifeMs } }),
    programs: createProgramEndpoint({
      ...options,
      gateway,
      token,
      signal: AbortSignal.any([signal, closed.signal]),
    }),
  });
  return {
    wrap: (request) =>
      shim.wrap({ ...request, env: { ...modelVariables(token), ...request.env } }, door.socketPath),
    close: async () => {
      closed.abort();
      await door.close();
      await settled();
    },
  };
}

/** The same gateway on account of a step; `settled` waits until every call that was made has been booked. */
function followed(
  { info, complete }: Pick<Gateway, 'complete' | 'info'>,
  owner: StepOwner | undefined,
  onAnswer: ((answer: ModelAnswer) => void) | undefined,
): { gateway: Pick<Gateway, 'complete' | 'info'>; settled: () => Promise<void> } {
  const calls = new Set<Promise<unknown>>();
  const ask: Gateway['complete'] = async (call) => {
    const answer = await complete({ ...call, ...(owner && { owner }) });
    if (answer.kind === 'answer') onAnswer?.(answer);
    return answer;
  };
  return {
    gateway: {
      info,
      complete: (call) => {
        const asked = ask(call);
        calls.add(asked);
        void asked.catch(() => undefined).finally(() => calls.delete(asked));
        return asked;
      },
    },
    settled: async () => void (await Promise.allSettled(calls)),
  };
}
