import { event, piecesOf, usageOf, type ServedReply, type Wire } from './wire.ts';

/** Google's generateContent. */
export const googleWire: Wire = {
  frames: (reply, model) => {
    const frame = (parts: unknown[], more: Record<string, unknown> = {}) => ({
      candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
      modelVersion: `${model}-0601`,
      responseId: 'r1',
    });
    const signed = reply.signature === undefined ? {} : { thoughtSignature: reply.signature };
    const said = reply.text ?? reply.refusal ?? '';
    return [
      ...piecesOf(reply.reasoning ?? '').map((text) => frame([{ text, thought: true }])),
      ...piecesOf(said).map((text) => frame([{ text }])),
      // The signature of the thinking comes with the first call.
      ...(reply.calls ?? []).map(({ tool, input }, index) =>
        frame([{ functionCall: { name: tool, args: input }, ...(index === 0 && signed) }]),
      ),
      { ...frame([], { finishReason: finishOf(reply) }), ...usageFields(reply) },
    ].map((data) => event(data));
  },
  error: (kind, model, key) => {
    const error = (code: number, status: string, message: string, details: unknown[] = []) => ({
      status: code,
      body: { error: { code, message, status, details } },
    });
    switch (kind) {
      case 'key':
        return error(400, 'INVALID_ARGUMENT', `API key not valid: ${key}. Please pass a valid API key.`, [
          { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
        ]);
      case 'model':
        return error(404, 'NOT_FOUND', `models/${model} is not found for API version v1beta`);
      case 'rate':
        return error(429, 'RESOURCE_EXHAUSTED', 'You exceeded your rate limit.', [
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '13s' },
        ]);
      case 'overloaded':
        return error(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.');
      case 'too-long':
        return error(
          400,
          'INVALID_ARGUMENT',
          'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
        );
      case 'no-money':
        return error(403, 'PERMISSION_DENIED', 'This API method requires billing to be enabled.');
      case 'bad-request':
        return error(400, 'INVALID_ARGUMENT', `Invalid value at 'contents' (${key})`);
    }
  },
  errorFrame: () =>
    event({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }),
};

function finishOf({ finish, refusal }: ServedReply): string {
  if (finish === 'length') return 'MAX_TOKENS';
  return finish === 'filtered' || refusal !== undefined ? 'SAFETY' : 'STOP';
}

function usageFields(reply: ServedReply) {
  const usage = usageOf(reply);
  return usage
    ? {
        usageMetadata: {
          promptTokenCount: usage.input,
          cachedContentTokenCount: usage.cacheRead,
          candidatesTokenCount: usage.output - usage.reasoning,
          thoughtsTokenCount: usage.reasoning,
          totalTokenCount: usage.input + usage.output,
        },
      }
    : {};
}
