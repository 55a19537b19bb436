import type { ZodType, z } from 'zod';
import type { OutputTool, ToolCall } from '../../harness/agent.ts';
import { defineTool } from '../../harness/tools/define-tool.ts';

type Mended = { readonly value: unknown } | { readonly problem: string };

interface HandOver<Schema extends ZodType> {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  title(value: z.infer<Schema>): string;
  /** What is taken in place of what was handed over, as JSON; a problem sends it back to the model. */
  mend?(value: z.infer<Schema>, call: ToolCall): Mended | Promise<Mended>;
  /** What a reply in plain words comes to, when the model was told already to call the tool. */
  ofWords?(text: string): z.input<Schema>;
}

/**
 * How an agent hands over what it was to find out: by a tool of this schema, or by ending with words that hold the same as
 * JSON, as models do that call tools badly.
 */
export function handOver<Schema extends ZodType>(wanted: HandOver<Schema>): OutputTool {
  const { schema, title, mend, ofWords } = wanted;
  const tool = defineTool({
    name: wanted.name,
    description: wanted.description,
    effect: 'read',
    input: schema,
    title,
    run: async (call, value) => {
      const mended = mend ? await mend(value, call) : { value };
      if ('problem' in mended) return { text: mended.problem, failed: true };
      return { text: 'Taken.', final: { output: mended.value } };
    },
  });
  return {
    tool,
    ofText: (text, isLast) => {
      const found = jsonIn(text).find((each) => schema.safeParse(each).success);
      return found ?? (isLast ? ofWords?.(text) : undefined);
    },
  };
}

/** What may be meant as JSON in a reply: all of it, what stands in a fence, what stands between the outermost braces. */
function jsonIn(text: string): unknown[] {
  const fenced = [...text.matchAll(/```(?:json)?\n([^]*?)```/g)].map(([, inside = '']) => inside);
  const braced = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  return [text, ...fenced, braced].flatMap((each) => {
    try {
      return [JSON.parse(each) as unknown];
    } catch {
      return [];
    }
  });
}
