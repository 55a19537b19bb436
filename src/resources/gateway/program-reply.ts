import { newId } from '../../base/ids.ts';
import type { ModelPart } from '../ports/model.ts';
import type { ModelAnswer } from './gateway.ts';

const finishes = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  refused: 'content_filter',
  other: 'stop',
} as const satisfies Record<ModelAnswer['finish'], string>;

/** What stands at the head of an answer and of each piece of a streamed one. */
export interface ReplyHead {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

export function headOf(model: string): ReplyHead {
  return { id: `chatcmpl-${newId()}`, created: Math.floor(Date.now() / 1000), model };
}

/** A whole answer in OpenAI's form. */
export function completionOf(head: ReplyHead, answer: ModelAnswer): unknown {
  const reasoning = textOf(answer, 'reasoning');
  const calls = callsOf(answer);
  const message = {
    role: 'assistant',
    content: textOf(answer, 'text') || (calls.length > 0 ? null : ''),
    refusal: null,
    ...(reasoning && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: finishes[answer.finish], logprobs: null }],
    usage: usageOf(answer),
  };
}

/** A piece of the words of a streamed answer. */
export function deltaOf(
  head: ReplyHead,
  delta: { readonly kind: 'text' | 'reasoning'; readonly text: string },
) {
  const field = delta.kind === 'text' ? 'content' : 'reasoning_content';
  return chunk(head, { role: 'assistant', [field]: delta.text });
}

/** What ends a streamed answer: its tool calls, why it ended, and what it used when that was asked for. */
export function endOf(head: ReplyHead, answer: ModelAnswer, withUsage: boolean): readonly unknown[] {
  const calls = callsOf(answer).map((call, index) => ({ index, ...call }));
  return [
    ...(calls.length > 0 ? [chunk(head, { role: 'assistant', tool_calls: calls })] : []),
    chunk(head, {}, finishes[answer.finish]),
    ...(withUsage ? [{ ...head, object: 'chat.completion.chunk', choices: [], usage: usageOf(answer) }] : []),
  ];
}

function chunk(head: ReplyHead, delta: Readonly<Record<string, unknown>>, finish: string | null = null) {
  return {
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
  };
}

function textOf({ parts }: ModelAnswer, kind: 'text' | 'reasoning'): string {
  return parts.map((part) => (part.kind === kind ? part.text : '')).join('');
}

function callsOf({ parts }: ModelAnswer) {
  return parts
    .filter((part): part is Extract<ModelPart, { kind: 'tool-call' }> => part.kind === 'tool-call')
    .map(({ callId, tool, input }) => ({
      id: callId,
      type: 'function',
      function: { name: tool, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
    }));
}

function usageOf({ tokens }: ModelAnswer) {
  return {
    prompt_tokens: tokens.input,
    completion_tokens: tokens.output,
    total_tokens: tokens.input + tokens.output,
    prompt_tokens_details: { cached_tokens: tokens.cacheRead },
  };
}
