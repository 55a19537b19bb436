import { GantryError } from '../../../base/errors.ts';

/**
 * The stream that a server should have sent, made of the whole reply that it sent in its place: some servers and proxies
 * don't know `stream`. What isn't a chat completion goes on as it is, for the SDK to judge.
 */
export function streamOfWhole(text: string, provider: string): string {
  let reply: unknown;
  try {
    reply = JSON.parse(text);
  } catch (cause) {
    throw new GantryError('MODEL_REPLY_INVALID', `${provider} sent a reply that is no JSON.`, { cause });
  }
  return `data: ${JSON.stringify(chunkOf(reply))}\n\ndata: [DONE]\n\n`;
}

function chunkOf(reply: unknown): unknown {
  if (!isRecord(reply) || !Array.isArray(reply['choices'])) return reply;
  const choices = reply['choices'].map((choice: unknown) => {
    if (!isRecord(choice) || !isRecord(choice['message'])) return choice;
    return { ...choice, delta: deltaOf(choice['message']) };
  });
  return { ...reply, choices };
}

/** Pieces of a stream say which call they belong to. */
function deltaOf(message: Readonly<Record<string, unknown>>): unknown {
  const calls = message['tool_calls'];
  if (!Array.isArray(calls)) return message;
  return {
    ...message,
    tool_calls: calls.map((call: unknown, index) => (isRecord(call) ? { index, ...call } : call)),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
