import type { ApiReply } from '../../contract/api.ts';
import type { Budget, Priority } from '../../contract/run.ts';
import { isTerminal } from '../../contract/run-status.ts';
import { triggerOf } from '../../contract/trigger.ts';
import type { Actor } from '../../contract/user.ts';
import type { Kernel } from '../../kernel/kernel.ts';

export interface ExecutionCall {
  readonly actor: Actor;
  readonly input: unknown;
  readonly priority?: Priority | undefined;
  readonly budget?: Budget | undefined;
  readonly idempotencyKey: string | undefined;
  /** Answer with the finished run; the run goes on when the client goes away. */
  readonly waits: boolean;
  readonly signal: AbortSignal;
}

/** Starts an execution for an HTTP caller: 202 with the run as it was queued, or 200 with the finished one. */
export async function startExecution(kernel: Kernel, call: ExecutionCall): Promise<ApiReply> {
  const { actor, input, priority, budget, idempotencyKey, waits, signal } = call;
  const request = {
    capability: 'execution',
    input,
    trigger: triggerOf(actor),
    userId: actor.userId,
    ...(priority === undefined ? {} : { priority }),
    ...(budget && { budget }),
    idempotencyKey,
  };
  const { run, replayed } = await (waits ? kernel.run(request, signal) : kernel.start(request));
  const headers = { location: `/api/v1/runs/${run.id}`, ...(replayed && { 'idempotency-replayed': 'true' }) };
  return { status: waits && isTerminal(run.status) ? 200 : 202, headers, body: run };
}
