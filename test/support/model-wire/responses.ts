import { openAiError } from './chat.ts';
import { event, inputText, piecesOf, usageOf, type ServedReply, type Wire } from './wire.ts';

/** OpenAI's Responses. */
export const responsesWire: Wire = {
  frames: (reply, model) => {
    const items = [...reasoningItems(reply), ...messageItems(reply), ...callItems(reply)];
    const base = { id: 'resp_1', object: 'response', created_at: 1_700_000_000, model: `${model}-0601` };
    const frames = [{ type: 'response.created', response: { ...base, status: 'in_progress', output: [] } }];
    const ended = reply.finish === 'length' || reply.finish === 'filtered';
    const reason = reply.finish === 'length' ? 'max_output_tokens' : 'content_filter';
    const last = {
      type: ended ? 'response.incomplete' : 'response.completed',
      response: {
        ...base,
        status: ended ? 'incomplete' : 'completed',
        incomplete_details: ended ? { reason } : null,
        output: items.map(({ item }) => item),
        usage: usageFields(reply),
      },
    };
    return [
      ...frames,
      ...items.flatMap(({ item, start, deltas }, output_index) => [
        { type: 'response.output_item.added', output_index, item: start },
        ...deltas.map((delta) => ({ item_id: item['id'], output_index, ...delta })),
        { type: 'response.output_item.done', output_index, item },
      ]),
      last,
    ].map((data, sequence_number) => event({ sequence_number, ...data }, data.type));
  },
  error: openAiError,
  errorFrame: () =>
    event(
      {
        type: 'error',
        sequence_number: 3,
        error: {
          type: 'server_error',
          code: 'server_error',
          message: 'The server had an error',
          param: null,
        },
      },
      'error',
    ),
};

interface Item {
  readonly item: Record<string, unknown>;
  readonly start: Record<string, unknown>;
  readonly deltas: readonly (Record<string, unknown> & { readonly type: string })[];
}

function reasoningItems({ reasoning, signature }: ServedReply): Item[] {
  if (reasoning === undefined) return [];
  const start = { type: 'reasoning', id: 'rs_1', encrypted_content: null, summary: [] };
  const summary = [{ type: 'summary_text', text: reasoning }];
  return [
    {
      start,
      item: { ...start, encrypted_content: signature ?? null, summary },
      deltas: [
        {
          type: 'response.reasoning_summary_part.added',
          summary_index: 0,
          part: { type: 'summary_text', text: '' },
        },
        ...piecesOf(reasoning).map((delta) => ({
          type: 'response.reasoning_summary_text.delta',
          summary_index: 0,
          delta,
        })),
        { type: 'response.reasoning_summary_part.done', summary_index: 0, part: summary[0] },
      ],
    },
  ];
}

function messageItems({ text, refusal }: ServedReply): Item[] {
  if (text === undefined && refusal === undefined) return [];
  const start = { type: 'message', id: 'msg_1', role: 'assistant', status: 'in_progress', content: [] };
  const content = [
    ...(text === undefined ? [] : [{ type: 'output_text', text, annotations: [] }]),
    ...(refusal === undefined ? [] : [{ type: 'refusal', refusal }]),
  ];
  return [
    {
      start,
      item: { ...start, status: 'completed', content },
      deltas: [
        ...piecesOf(text ?? '').map((delta) => ({
          type: 'response.output_text.delta',
          content_index: 0,
          delta,
        })),
        ...piecesOf(refusal ?? '').map((delta) => ({
          type: 'response.refusal.delta',
          content_index: 0,
          delta,
        })),
      ],
    },
  ];
}

function callItems({ calls = [] }: ServedReply): Item[] {
  return calls.map(({ tool, input }, index) => {
    const start = {
      type: 'function_call',
      id: `fc_${index}`,
      call_id: `call_${index}`,
      name: tool,
      arguments: '',
      status: 'in_progress',
    };
    const text = inputText(input);
    return {
      start,
      item: { ...start, arguments: text, status: 'completed' },
      deltas: [
        ...piecesOf(text).map((delta) => ({ type: 'response.function_call_arguments.delta', delta })),
        { type: 'response.function_call_arguments.done', arguments: text },
      ],
    };
  });
}

function usageFields(reply: ServedReply) {
  const usage = usageOf(reply);
  return (
    usage && {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cacheRead },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.input + usage.output,
    }
  );
}
