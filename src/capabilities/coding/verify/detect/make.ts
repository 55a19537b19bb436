import type { Check } from '../check.ts';
import type { Folder, FoundCheck } from './folder.ts';

const targets: Readonly<Record<'lint' | 'types' | 'tests', readonly string[]>> = {
  lint: ['lint', 'check-lint', 'format-check'],
  types: ['typecheck', 'type-check', 'types', 'mypy'],
  tests: ['test', 'tests', 'unit-test', 'unittest', 'check'],
};
const changes = /\b(pip|npm|pnpm|yarn|apt|apt-get|brew|poetry|uv|go|cargo)3?\s+(install|ci|add|sync|get)\b/;

/** The targets of a Makefile, for kinds of checks that nothing else was found for. What installs is left alone. */
export async function lastResort(
  { names, read }: Folder,
  have: ReadonlySet<Check['kind']>,
): Promise<FoundCheck[]> {
  const file = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => names.has(name));
  if (file === undefined) return [];
  const recipes = recipesIn((await read(file)) ?? '');
  return (['lint', 'types', 'tests'] as const).flatMap((kind): FoundCheck[] => {
    if (have.has(kind)) return [];
    const target = targets[kind].find((name) => recipes.has(name) && !changes.test(recipes.get(name) ?? ''));
    if (target === undefined) return [];
    const command = `make ${target}`;
    return [{ kind, tool: command, command, format: kind === 'tests' ? 'test-output' : 'text' }];
  });
}

function recipesIn(text: string): Map<string, string> {
  const recipes = new Map<string, string>();
  let target: string | undefined;
  for (const line of text.split('\n')) {
    const [, name, first = ''] = /^([\w.-]+)\s*:(?!=)([^=]*)$/.exec(line) ?? [];
    if (name !== undefined) target = name;
    else if (!/^[\t #]|^$/.test(line)) target = undefined;
    if (target !== undefined)
      recipes.set(target, `${recipes.get(target) ?? ''}${name === undefined ? line : first}\n`);
  }
  return recipes;
}
