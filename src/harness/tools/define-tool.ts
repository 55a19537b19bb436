import { z, type ZodType } from 'zod';
import { inputProblems } from '../../contract/problem.ts';
import type { CheckedInput, Tool, ToolAnswer, ToolCall, ToolEffect } from '../agent.ts';

interface Definition<Input extends ZodType> {
  readonly name: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly input: Input;
  title(input: z.infer<Input>): string;
  touches?(input: z.infer<Input>): readonly string[];
  run(call: ToolCall, input: z.infer<Input>): Promise<ToolAnswer>;
}

/** A tool of one schema: what the model is told, what its calls are checked by, and the types of its parts. */
export function defineTool<Input extends ZodType>(definition: Definition<Input>): Tool {
  const { name, description, effect, input: schema, title, touches, run } = definition;
  const { $schema: _, ...inputSchema } = z.toJSONSchema(schema, { io: 'input' });
  return {
    model: { name, description, inputSchema },
    effect,
    check: (input) => check(name, schema, input),
    title: (input) => title(schema.parse(input)),
    ...(touches && { touches: (input: unknown) => touches(schema.parse(input)) }),
    run: (call, input) => run(call, schema.parse(input)),
  };
}

function check(name: string, schema: ZodType, input: unknown): CheckedInput {
  if (typeof input === 'string')
    return { problem: `The input of ${name} is no JSON. Write it as one JSON object that fits the schema.` };
  const parsed = schema.safeParse(input);
  if (parsed.success) return { input };
  const problems = inputProblems(parsed.error).map(({ path, message }) => `${path || 'input'}: ${message}`);
  return { problem: `The input of ${name} is not valid. ${problems.slice(0, 10).join('; ')}.` };
}
