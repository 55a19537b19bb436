import { errorTable, GantryError } from '../base/errors.ts';
import type { StepContext } from '../kernel/context.ts';
import type { WorkspaceState } from '../resources/workspace/workspace.ts';
import type { Tool, ToolAnswer } from './agent.ts';
import { cutMiddle } from '../base/cut.ts';
import { newNonce } from './fence.ts';
import { openToolOutput } from './tool-output.ts';
import { nameOf, type CallPart, type Thread } from './thread.ts';

/** What the step of a call keeps. */
export interface ToolRecord {
  readonly text: string;
  readonly failed: boolean;
  readonly final?: { readonly output: unknown };
  /** Sets the text apart as data. */
  readonly nonce: string;
  /** Null while nothing was changed. */
  readonly state: WorkspaceState | null;
  readonly durationMs: number;
}

/** So much of an answer a model gets to read, in characters. */
const longestAnswer = 30_000;
const longestShown = 8000;
const longestInputShown = 4000;

/**
 * Makes one call, as a recorded step. Where a worker is lost in the middle of it, the next one opens the workspace as it
 * was before the call and makes it again.
 */
export function toolStep(thread: Thread, call: CallPart, tool: Tool, input: unknown): Promise<ToolRecord> {
  const { ctx, request, state, name: agent } = thread;
  const failures = thread.failures.get(call.tool) ?? 0;
  return ctx.step(
    nameOf(thread, 'tool'),
    async (step): Promise<ToolRecord> => {
      const startedAt = performance.now();
      tellCall(thread, step, call, tool, input);
      const workspace = await request.workspaces.at(step, state, request.workspace);
      const output = openToolOutput(step, request.redactor);
      let answer: ToolAnswer;
      try {
        answer = await tool.run({ step, agent, workspace, onOutput: output.write, failures }, input);
      } catch (thrown) {
        step.signal.throwIfAborted();
        answer = { text: tellable(thrown), failed: true };
      } finally {
        output.end();
      }
      let after = state;
      try {
        if (tool.effect === 'change') after = await workspace.checkpoint(tool.title(input));
      } catch (thrown) {
        answer = { text: `${answer.text}\n\n${notKept(thrown)}`, failed: true };
      }
      const changed = after.checkpoint?.commit !== state.checkpoint?.commit;
      const redacted = request.redactor?.redact(answer.text) ?? answer.text;
      const text = cutMiddle(redacted.replaceAll('\0', '\u{fffd}').toWellFormed(), longestAnswer);
      const record = {
        text,
        failed: answer.failed ?? false,
        ...(answer.final && { final: answer.final }),
        nonce: newNonce(),
        state: changed ? after : null,
        durationMs: Math.round(performance.now() - startedAt),
      };
      tellAnswer(thread, (event) => step.emit(event), call, record);
      return record;
    },
    { retry: { attempts: 3, delayMs: 300 } },
  );
}

/** What the call itself got wrong is for the model to read; what Gantry got wrong is not. */
function tellable(thrown: unknown): string {
  const isOwn = thrown instanceof GantryError && errorTable[thrown.code].outlook === 'fatal';
  if (!isOwn || thrown.code === 'SANDBOX_UNAVAILABLE') throw thrown;
  return thrown.message;
}

/** Too much to keep is put right by the model; the files are as they were before the call. */
function notKept(thrown: unknown): string {
  if (!(thrown instanceof GantryError) || thrown.code !== 'WORKSPACE_FULL') throw thrown;
  return `Nothing of what this call changed was kept, and the files are as they were before it. ${thrown.message}`;
}

function tellCall(thread: Thread, step: StepContext, call: CallPart, tool: Tool, input: unknown): void {
  step.emit({ type: 'tool.called', data: shownCall(thread, call, tool, input) });
}

/** A call as it is shown. */
export function shownCall(
  thread: Thread,
  { callId, tool: name, input: raw }: CallPart,
  tool?: Tool,
  input?: unknown,
) {
  const redact = (text: string) => thread.request.redactor?.redact(text) ?? text;
  const written = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? '');
  return {
    agent: thread.name,
    turn: thread.calls - 1,
    callId,
    tool: name.slice(0, 200),
    title: redact(tool && input !== undefined ? tool.title(input).slice(0, 300) : name.slice(0, 200)),
    input: redact(cutMiddle(written.toWellFormed(), longestInputShown)),
  };
}

type Emit = StepContext['emit'];

export function tellAnswer(
  thread: Thread,
  emit: Emit,
  { callId, tool }: CallPart,
  record: Pick<ToolRecord, 'text' | 'failed' | 'state' | 'durationMs'>,
): void {
  const checkpoint = record.state?.checkpoint ?? null;
  emit({
    type: 'tool.answered',
    data: {
      agent: thread.name,
      turn: thread.calls - 1,
      callId,
      tool: tool.slice(0, 200),
      failed: record.failed,
      text: cutMiddle(record.text, longestShown),
      durationMs: record.durationMs,
      checkpoint: checkpoint?.commit ?? null,
      changes: (checkpoint?.changes ?? []).slice(0, 300).map((change) => ({ ...change })),
    },
  });
}
