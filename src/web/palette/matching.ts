import type { Command } from '../commands/command.ts';

/** The commands in which every word of the query begins some word; all that are listed for an empty query. */
export function matching(commands: readonly Command[], query: string): Command[] {
  const wanted = wordsOf(query);
  return commands.filter(({ hidden, label, object = '' }) => {
    const words = wordsOf(`${label} ${object}`);
    return hidden !== true && wanted.every((want) => words.some((word) => word.startsWith(want)));
  });
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
