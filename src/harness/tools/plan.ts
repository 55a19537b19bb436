import { z } from 'zod';
import { defineTool } from './define-tool.ts';

const planSchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        text: z.string().min(1).max(300),
        status: z.enum(['open', 'doing', 'done', 'dropped']),
      }),
    )
    .max(50),
});

/** Keeps the agent's plan where people see it. */
export const planTool = defineTool({
  name: 'plan',
  description:
    'Write down or change your plan, whole each time. Use it for work of several steps, and keep it up to date; people follow it.',
  effect: 'read',
  input: planSchema,
  title: ({ items }) =>
    `plan, ${items.filter(({ status }) => status === 'done').length} of ${items.length} done`,
  run: async ({ step, agent }, { items }) => {
    step.emit({ type: 'plan', data: { agent, items } });
    return { text: 'Noted.' };
  },
});

/** The plan that a call of the tool wrote down. */
export function planOf(input: unknown): z.infer<typeof planSchema>['items'] {
  return planSchema.parse(input).items;
}
