import type { ModelMessage } from '../resources/ports/model.ts';
import { cutEnd } from '../base/cut.ts';

const freshTools = 6;
const shortText = 300;

/** The same conversation with what tools answered long ago cut short: the model can call them again. */
export function shorten(messages: readonly ModelMessage[]): ModelMessage[] {
  const tools = messages.flatMap((message, index) => (message.role === 'tool' ? [index] : []));
  const old = new Set(tools.slice(0, Math.max(0, tools.length - freshTools)));
  return messages.map((message, index) =>
    message.role === 'tool' && old.has(index) && message.text.length > shortText * 2
      ? { ...message, text: cutFenced(message.text, shortText) }
      : message,
  );
}

/** The beginning of what a tool answered; a block of data in it is closed again. */
export function cutFenced(text: string, most: number): string {
  if (text.length <= most) return text;
  const mark = /^<(data-[0-9a-f]+) /.exec(text)?.[1];
  const end = mark === undefined ? '' : `\n</${mark}>`;
  return `${cutEnd(text, most)}${end}\n[Cut short; call the tool again to see it all.]`;
}
