import { z } from 'zod';
import type { ModelPart } from '../../../resources/ports/model.ts';
import type { ProviderOptions } from './language-model.ts';

const detailSchema = z.record(z.string(), z.json());
const detailsSchema = z.array(detailSchema).min(1);
type Detail = z.output<typeof detailSchema>;

const chunkSchema = z.object({
  choices: z.array(z.object({ delta: z.object({ reasoning_details: detailsSchema }) })).min(1),
});
const notedSchema = z.object({ reasoning_details: detailsSchema });

/**
 * OpenRouter's `reasoning_details`: the reasoning of the models behind it with its seals, which some of them want back with
 * the calls that they made. They belong to a whole message, and the SDK knows nothing of them.
 */
export function gatherDetails(provider: string) {
  const details: Detail[] = [];
  return {
    processChunk: (chunk: unknown) => {
      const pieces = chunkSchema.safeParse(chunk).data?.choices[0]?.delta.reasoning_details ?? [];
      for (const piece of pieces) add(details, piece);
    },
    buildMetadata: () => (details.length === 0 ? undefined : { [provider]: { reasoning_details: details } }),
  };
}

/** Texts come in pieces, all else whole. */
function add(details: Detail[], piece: Detail): void {
  const last = details.at(-1);
  const { type, text, index } = piece;
  if (last && type === 'reasoning.text' && last['type'] === type && last['index'] === index) {
    const whole = `${String(last['text'] ?? '')}${typeof text === 'string' ? text : ''}`;
    details[details.length - 1] = { ...last, ...piece, text: whole };
  } else {
    details.push(piece);
  }
}

/** The parts, the first of which notes what the whole message has to go back with. */
export function withDetails(
  parts: readonly ModelPart[],
  metadata: ProviderOptions | undefined,
): readonly ModelPart[] {
  const [first, ...others] = parts;
  const [found] = Object.entries(metadata ?? {}).flatMap(([provider, facts]) => {
    const { data } = notedSchema.safeParse(facts);
    return data ? [{ [provider]: data }] : [];
  });
  return first && found ? [{ ...first, note: { ...first.note, ...found } }, ...others] : parts;
}

/** What goes with the whole message, where it came from the same provider. */
export function messageOptions(
  parts: readonly ModelPart[],
  provider: string | undefined,
): { readonly providerOptions?: ProviderOptions } {
  if (provider === undefined) return {};
  const [found] = parts.flatMap(({ note }) => notedSchema.safeParse(note?.[provider]).data ?? []);
  return found ? { providerOptions: { openaiCompatible: found } } : {};
}
