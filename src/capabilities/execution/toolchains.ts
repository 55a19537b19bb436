import { dirname } from 'node:path';
import { compare } from 'semver';
import type { SandboxDriver } from '../../resources/ports/sandbox.ts';
import { discover } from './discover.ts';
import type { Language, Toolchain } from './languages/language.ts';
import { nodeDirectory } from './languages/table.ts';

/** One version of a language that some worker has. */
export type Offered = Pick<Toolchain, 'language' | 'version'>;

export interface Toolchains {
  /** Finds out what this machine has, once; a failure is tried again at the next call. */
  find(): Promise<readonly Toolchain[]>;
  /** What was found here, as `python` and `python 3.12.3`; nothing before `find`. */
  offers(): string[];
  /** Takes note of what all workers have; null when none has said so, which leaves what was known before. */
  learn(offers: readonly string[] | null): void;
  /** What was found here and what other workers have, newest versions first; null as long as nothing is known. */
  known(): readonly Offered[] | null;
}

/** The languages of this machine, kept for the life of the process, and those of the others. */
export function createToolchains(
  sandboxes: SandboxDriver,
  languages: readonly Language[],
  nodePath: string,
): Toolchains {
  const tools = [{ source: dirname(nodePath), target: nodeDirectory }];
  let finding: Promise<readonly Toolchain[]> | undefined;
  let found: readonly Toolchain[] | undefined;
  let learned: readonly string[] | undefined;
  const search = async () => {
    try {
      found = await discover(sandboxes, languages, tools);
      return found;
    } catch (error) {
      finding = undefined;
      throw error;
    }
  };
  return {
    find: () => (finding ??= search()),
    offers: () => offersOf(found ?? []),
    learn: (offers) => {
      if (offers !== null) learned = offers;
    },
    known: () => (found || learned ? together(languages, found ?? [], learned ?? []) : null),
  };
}

function offersOf(found: readonly Offered[]): string[] {
  return [
    ...new Set(found.flatMap(({ language, version }) => [language.name, `${language.name} ${version}`])),
  ];
}

/** Names that this version of Gantry has no entry for, of newer workers, are left out. */
function together(
  languages: readonly Language[],
  found: readonly Toolchain[],
  offers: readonly string[],
): readonly Offered[] {
  const told = new Set([...offersOf(found), ...offers]);
  return languages.flatMap((language) =>
    [...told]
      .filter((offer) => offer.startsWith(`${language.name} `))
      .map((offer) => offer.slice(language.name.length + 1))
      .toSorted((one, other) => compare(other, one))
      .map((version) => ({ language, version })),
  );
}
