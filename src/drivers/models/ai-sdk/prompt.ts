import { createHash } from 'node:crypto';
import type { LanguageModelCall, ProviderOptions } from './language-model.ts';
import type { ModelMessage, ModelPart, ProviderNote } from '../../../resources/ports/model.ts';
import { messageOptions } from './reasoning-details.ts';

type Prompt = LanguageModelCall['prompt'];
type AssistantContent = Extract<Prompt[number], { role: 'assistant' }>['content'];
type ToolMessage = Extract<Prompt[number], { role: 'tool' }>;

export interface PromptOptions {
  /** Put on the last instruction and on the last message, for providers that keep what stands before a mark. */
  readonly cacheMark?: ProviderOptions;
  readonly saysFailed?: boolean;
  readonly messageNotes?: string;
}

/** The messages as the SDK takes them. */
export function promptOf(
  messages: readonly ModelMessage[],
  { cacheMark, saysFailed = false, messageNotes }: PromptOptions = {},
): Prompt {
  const prompt: Prompt = [];
  for (const message of messages) {
    const before = prompt.at(-1);
    if (message.role === 'tool') {
      const result = resultOf(message, saysFailed);
      if (before?.role === 'tool') before.content.push(result);
      else prompt.push({ role: 'tool', content: [result] });
    } else {
      prompt.push(
        convert(
          message,
          prompt.every(({ role }) => role === 'system'),
          messageNotes,
        ),
      );
    }
  }
  if (cacheMark) {
    const marked = new Set([prompt.findLast(({ role }) => role === 'system'), prompt.at(-1)]);
    for (const message of marked) if (message) message.providerOptions = cacheMark;
  }
  return prompt;
}

function convert(
  message: Exclude<ModelMessage, { role: 'tool' }>,
  isAtStart: boolean,
  messageNotes: string | undefined,
): Prompt[number] {
  switch (message.role) {
    case 'system':
      // Not every provider takes instructions in the middle of a conversation.
      if (!isAtStart) return { role: 'user', content: [{ type: 'text', text: message.text }] };
      return { role: 'system', content: message.text };
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.parts.map(partOf),
        ...messageOptions(message.parts, messageNotes),
      };
  }
}

function partOf(part: ModelPart): AssistantContent[number] {
  const noted = part.note ? { providerOptions: optionsOf(part.note) } : {};
  if (part.kind !== 'tool-call') return { type: part.kind, text: part.text, ...noted };
  return {
    type: 'tool-call',
    toolCallId: idFor(part.callId),
    toolName: nameFor(part.tool),
    // Providers take objects only; what was no JSON went to the model's tool as text, and comes back as such.
    input: isObject(part.input) ? part.input : { input: part.input },
    ...noted,
  };
}

function resultOf(
  message: Extract<ModelMessage, { role: 'tool' }>,
  saysFailed: boolean,
): ToolMessage['content'][number] {
  return {
    type: 'tool-result',
    toolCallId: idFor(message.callId),
    toolName: nameFor(message.tool),
    output: { type: message.failed && saysFailed ? 'error-text' : 'text', value: message.text },
  };
}

/* What one provider or a confused model wrote, others refuse: a whole conversation, because of one bad name in it. */
const proper = /^[\w-]{1,64}$/;

function nameFor(tool: string): string {
  return proper.test(tool) ? tool : tool.replace(/[^\w-]+/g, '_').slice(0, 64) || 'unnamed';
}

function idFor(callId: string): string {
  return proper.test(callId) ? callId : createHash('sha256').update(callId).digest('hex').slice(0, 32);
}

/** A note is what the SDK gave with the part, by provider. */
function optionsOf(note: ProviderNote): ProviderOptions {
  return note as ProviderOptions;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
