import { event, inputText, piecesOf, usageOf, type ServedReply, type Wire } from './wire.ts';

/** Chat completions: OpenAI behind a base URL, DeepSeek, OpenRouter, Ollama, vLLM. */
export const chatWire: Wire = {
  frames: (reply, model) => {
    const frame = (delta: unknown, finish: string | null = null) =>
      event({ ...head(model), choices: [{ index: 0, delta, finish_reason: finish }] });
    return [
      frame({ role: 'assistant', content: '' }),
      ...piecesOf(reply.reasoning ?? '').map((text) => frame({ reasoning_content: text })),
      // Only OpenRouter sends these; others don't look at them.
      ...(reply.signature === undefined ? [] : detailsOf(reply)).map((detail) =>
        frame({ reasoning_details: [detail] }),
      ),
      ...piecesOf(reply.text ?? '').map((text) => frame({ content: text })),
      ...piecesOf(reply.refusal ?? '').map((text) => frame({ refusal: text })),
      ...(reply.calls ?? []).flatMap(({ tool, input }, index) => [
        frame({
          tool_calls: [
            { index, id: `call_${index}`, type: 'function', function: { name: tool, arguments: '' } },
          ],
        }),
        ...piecesOf(inputText(input)).map((text) =>
          frame({ tool_calls: [{ index, function: { arguments: text } }] }),
        ),
      ]),
      frame({}, finishOf(reply)),
      ...usageFrames(reply, model),
      event('[DONE]'),
    ];
  },
  error: (kind, model, key) => openAiError(kind, model, key),
  errorFrame: () =>
    event({ error: { message: 'The server had an error', type: 'server_error', code: null } }),
};

/** OpenAI's errors, which chat completions and responses share. */
export function openAiError(kind: Parameters<Wire['error']>[0], model: string, key: string) {
  const error = (status: number, message: string, type: string, code: string | null) => ({
    status,
    body: { error: { message, type, param: null, code } },
  });
  switch (kind) {
    case 'key':
      return error(401, `Incorrect API key provided: ${key}.`, 'invalid_request_error', 'invalid_api_key');
    case 'model':
      return error(404, `The model \`${model}\` does not exist.`, 'invalid_request_error', 'model_not_found');
    case 'rate':
      return error(429, 'Rate limit reached for requests', 'requests', 'rate_limit_exceeded');
    case 'overloaded':
      return error(503, 'The engine is currently overloaded', 'server_error', null);
    case 'too-long':
      return error(
        400,
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.",
        'invalid_request_error',
        'context_length_exceeded',
      );
    case 'no-money':
      return error(429, 'You exceeded your current quota.', 'insufficient_quota', 'insufficient_quota');
    case 'bad-request':
      return error(400, `Unsupported value, key was ${key}`, 'invalid_request_error', 'unsupported_value');
  }
}

function head(model: string) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: `${model}-0601`,
  };
}

function detailsOf({ reasoning = '', signature }: ServedReply) {
  return [
    ...piecesOf(reasoning).map((text) => ({ type: 'reasoning.text', text, index: 0 })),
    { type: 'reasoning.encrypted', data: signature, index: 1 },
  ];
}

function finishOf({ finish, calls }: ServedReply): string {
  if (finish === 'length') return 'length';
  if (finish === 'filtered') return 'content_filter';
  return calls ? 'tool_calls' : 'stop';
}

function usageFrames(reply: ServedReply, model: string): string[] {
  const usage = usageOf(reply);
  if (!usage) return [];
  return [
    event({
      ...head(model),
      choices: [],
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
        prompt_tokens_details: { cached_tokens: usage.cacheRead },
        completion_tokens_details: { reasoning_tokens: usage.reasoning },
      },
    }),
  ];
}
