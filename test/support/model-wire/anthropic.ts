import { event, inputText, piecesOf, usageOf, type ServedReply, type Wire } from './wire.ts';

/** Anthropic's Messages. */
export const anthropicWire: Wire = {
  frames: (reply, model) => {
    const usage = usageOf(reply);
    const input = usage && {
      // Anthropic counts what it read and wrote of its cache beside the input.
      input_tokens: usage.input - usage.cacheRead - usage.cacheWrite,
      cache_creation_input_tokens: usage.cacheWrite,
      cache_read_input_tokens: usage.cacheRead,
    };
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: `${model}-0601`,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 1, ...input },
    };
    return [
      { type: 'message_start', message },
      { type: 'ping' },
      ...blocksOf(reply).flatMap(({ start, deltas }, index) => [
        { type: 'content_block_start', index, content_block: start },
        ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
        { type: 'content_block_stop', index },
      ]),
      {
        type: 'message_delta',
        delta: { stop_reason: stopOf(reply), stop_sequence: null },
        usage: { output_tokens: usage?.output ?? 0 },
      },
      { type: 'message_stop' },
    ].map((data) => event(data, data.type));
  },
  error: (kind, model, key) => {
    const error = (status: number, type: string, message: string) => ({
      status,
      body: { type: 'error', error: { type, message }, request_id: 'req_1' },
    });
    switch (kind) {
      case 'key':
        return error(401, 'authentication_error', `invalid x-api-key ${key}`);
      case 'model':
        return error(404, 'not_found_error', `model: ${model}`);
      case 'rate':
        return error(429, 'rate_limit_error', 'This request would exceed your rate limit');
      case 'overloaded':
        return error(529, 'overloaded_error', 'Overloaded');
      case 'too-long':
        return error(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum');
      case 'no-money':
        return error(400, 'invalid_request_error', 'Your credit balance is too low to access the API');
      case 'bad-request':
        return error(400, 'invalid_request_error', `messages: unexpected value ${key}`);
    }
  },
  errorFrame: () =>
    event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'error'),
};

function blocksOf({ reasoning, signature, text, refusal, calls = [] }: ServedReply) {
  const said = text ?? refusal;
  return [
    ...(reasoning === undefined
      ? []
      : [
          {
            start: { type: 'thinking', thinking: '', signature: '' } as Record<string, unknown>,
            deltas: [
              ...piecesOf(reasoning).map((thinking) => ({ type: 'thinking_delta', thinking })),
              { type: 'signature_delta', signature: signature ?? 'sig' },
            ] as Record<string, unknown>[],
          },
        ]),
    ...(said === undefined
      ? []
      : [
          {
            start: { type: 'text', text: '' },
            deltas: piecesOf(said).map((text) => ({ type: 'text_delta', text })),
          },
        ]),
    ...calls.map(({ tool, input }, index) => ({
      start: { type: 'tool_use', id: `toolu_${index}`, name: tool, input: {} },
      deltas: piecesOf(inputText(input)).map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    })),
  ];
}

function stopOf({ finish, refusal, calls }: ServedReply): string {
  if (finish === 'length') return 'max_tokens';
  if (finish === 'filtered' || refusal !== undefined) return 'refusal';
  return calls ? 'tool_use' : 'end_turn';
}
