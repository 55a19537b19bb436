import { z } from 'zod';
import type { ModelMessage, ModelPart, ModelRequest, ModelTool } from '../ports/model.ts';

/** What a program asks, as far as it is understood. */
export interface ProgramRequest extends Pick<
  ModelRequest,
  'messages' | 'tools' | 'toolChoice' | 'outputSchema' | 'temperature' | 'effort' | 'turn'
> {
  readonly model: string;
  readonly maxOutputTokens: number | undefined;
  readonly stream: boolean;
  readonly withUsage: boolean;
}

const textPart = z.object({ type: z.literal('text'), text: z.string() });
const content = z
  .union([z.string(), z.array(textPart)], {
    error: 'must be a text, or text parts; images and sound are not supported',
  })
  .transform((value) => (typeof value === 'string' ? value : value.map(({ text }) => text).join('')));

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content }),
  z.object({ role: z.literal('user'), content }),
  z.object({
    role: z.literal('assistant'),
    content: content.nullish(),
    reasoning_content: z.string().nullish(),
    tool_calls: z
      .array(
        z.object({
          id: z.string().min(1),
          type: z.literal('function').default('function'),
          function: z.object({ name: z.string().min(1), arguments: z.string() }),
        }),
      )
      .nullish(),
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string().min(1), content }),
]);
type Message = z.output<typeof message>;

const schema = z.record(z.string(), z.unknown());
const functionTool = z.object({
  type: z.literal('function', { error: 'must be function; other tools are not supported' }),
  function: z.object({
    name: z.string().min(1),
    description: z.string().default(''),
    parameters: schema.default({ type: 'object', properties: {} }),
  }),
});

/* Asked for with any other value, each would change the answer in a way that is not to be had. */
const absent = (why: string) => z.null({ error: why }).optional();

/** `POST /v1/chat/completions`. Fields that nobody knows are let pass; those that would change the answer are not. */
const requestSchema = z.object({
  model: z.string(),
  messages: z.array(message).min(1),
  tools: z.array(functionTool).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
    ])
    .nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string().min(1), schema: schema.default({ type: 'object' }) }),
      }),
    ])
    .nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.literal(1, { error: 'must be 1: there is one answer' }).nullish(),
  logprobs: z.literal(false, { error: 'is not supported' }).nullish(),
  stop: absent('is not supported'),
  logit_bias: absent('is not supported'),
  functions: absent('is not supported; use tools'),
  audio: absent('is not supported'),
});

/** Reads the body of a request; the issues of what is wrong with it name its fields. */
export function readProgramRequest(body: unknown): z.ZodSafeParseResult<ProgramRequest> {
  return requestSchema.transform(understand).safeParse(body);
}

function understand(asked: z.output<typeof requestSchema>): ProgramRequest {
  const { tool_choice: choice, temperature } = asked;
  const effort = asked.reasoning_effort ? efforts[asked.reasoning_effort] : undefined;
  const one = typeof choice === 'object' && choice ? choice.function.name : undefined;
  const tools = (asked.tools ?? []).filter(({ function: { name } }) => one === undefined || name === one);
  return {
    model: asked.model,
    messages: messagesOf(asked.messages),
    // Scripts count what the model has said in this conversation.
    turn: asked.messages.filter(({ role }) => role === 'assistant').length,
    maxOutputTokens: asked.max_completion_tokens ?? asked.max_tokens ?? undefined,
    stream: asked.stream ?? false,
    withUsage: asked.stream_options?.include_usage ?? false,
    ...(tools.length > 0 && {
      tools: tools.map(toolOf),
      toolChoice: one === undefined ? choiceOf(choice) : ('required' as const),
    }),
    ...(temperature != null && { temperature }),
    ...(effort && { effort }),
    ...outputOf(asked.response_format),
  };
}

/* Of OpenAI's steps there are three that all providers know. */
const efforts = {
  none: undefined,
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
} as const;

function choiceOf(choice: z.output<typeof requestSchema>['tool_choice']): 'auto' | 'none' | 'required' {
  return typeof choice === 'string' ? choice : 'auto';
}

function toolOf({ function: { name, description, parameters } }: z.output<typeof functionTool>): ModelTool {
  return { name, description, inputSchema: parameters };
}

function outputOf(
  format: z.output<typeof requestSchema>['response_format'],
): Pick<ProgramRequest, 'outputSchema'> {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { outputSchema: { name: 'answer', schema: { type: 'object' } } };
  return { outputSchema: format.json_schema };
}

function messagesOf(messages: readonly Message[]): ModelMessage[] {
  const tools = new Map<string, string>();
  return messages.map((message) => {
    switch (message.role) {
      case 'system':
      case 'developer':
        return { role: 'system', text: message.content };
      case 'user':
        return { role: 'user', text: message.content };
      case 'assistant':
        for (const { id, function: called } of message.tool_calls ?? []) tools.set(id, called.name);
        return { role: 'assistant', parts: partsOf(message) };
      case 'tool': {
        const callId = message.tool_call_id;
        return {
          role: 'tool',
          callId,
          tool: tools.get(callId) ?? 'unknown',
          text: message.content,
          failed: false,
        };
      }
    }
  });
}

function partsOf(message: Extract<Message, { role: 'assistant' }>): ModelPart[] {
  const { reasoning_content: reasoning, content, tool_calls: calls } = message;
  return [
    ...(reasoning ? [{ kind: 'reasoning' as const, text: reasoning }] : []),
    ...(content ? [{ kind: 'text' as const, text: content }] : []),
    ...(calls ?? []).map(({ id, function: { name, arguments: text } }) => ({
      kind: 'tool-call' as const,
      callId: id,
      tool: name,
      input: inputOf(text),
    })),
  ];
}

function inputOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
