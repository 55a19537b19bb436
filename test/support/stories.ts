import { z } from 'zod';
import { defineCapability } from '../../src/kernel/capability.ts';

/** Adds two numbers in one step. */
export const adding = defineCapability({
  name: 'adding',
  input: z.strictObject({ a: z.number(), b: z.number() }),
  output: z.object({ sum: z.number() }),
  title: ({ a, b }) => `${a} + ${b}`,
  run: async (ctx, { a, b }) => {
    const sum = await ctx.step('add', async (step) => {
      step.emit({ type: 'output', data: { stream: 'stdout', text: `${a + b}\n` } });
      return a + b;
    });
    return { sum };
  },
});

/** Waits for the signal `answer` and repeats it. */
export const asking = defineCapability({
  name: 'asking',
  input: z.strictObject({ question: z.string() }),
  output: z.object({ answer: z.string() }),
  title: ({ question }) => question,
  run: async (ctx) => {
    const answer = await ctx.signal('answer', z.string());
    return { answer: answer ?? '' };
  },
});

/** Hears words until "end", and says what it heard as it comes. */
export const listening = defineCapability({
  name: 'listening',
  input: z.strictObject({ steps: z.int().default(1) }),
  output: z.array(z.unknown()),
  title: () => 'listens',
  run: async (ctx, { steps }) => {
    let all: unknown[] = [];
    for (let step = 0; step < steps; step += 1)
      all = await ctx.step('hear', async ({ messages, emit }) => {
        const heard: unknown[] = [];
        for await (const { payload } of messages('word')) {
          heard.push(payload);
          emit({ type: 'progress', data: { phase: String(payload).slice(0, 20) } });
          if (payload === 'end') break;
        }
        return heard;
      });
    return all;
  },
});
