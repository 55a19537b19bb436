import { maxSatisfying, validRange } from 'semver';
import { GantryError } from '../../base/errors.ts';
import type { Language } from './languages/language.ts';
import type { Offered } from './toolchains.ts';

/**
 * The newest toolchain that a name or alias and a version range mean. Throws LANGUAGE_UNKNOWN, which lists what there is.
 */
export function selectToolchain<Choice extends Offered>(
  toolchains: readonly Choice[],
  name: string,
  version = '*',
): Choice {
  const those = toolchains.filter(({ language }) => isNamed(language, name));
  if (those.length === 0) {
    const names = [...new Set(toolchains.map(({ language }) => language.name))].join(', ');
    throw new GantryError(
      'LANGUAGE_UNKNOWN',
      `The language ${quote(name)} is not installed here. There is: ${names || 'none'}.`,
    );
  }
  const range = isAnyVersion(version) ? '*' : validRange(version);
  const best =
    range === null
      ? null
      : maxSatisfying(
          those.map((each) => each.version),
          range,
        );
  const found = those.find((each) => each.version === best);
  if (found) return found;
  const versions = those.map((each) => each.version).join(', ');
  const why = range === null ? 'is not a version or SemVer range' : 'is not installed here';
  throw new GantryError(
    'LANGUAGE_UNKNOWN',
    `Version ${quote(version)} of ${those[0]?.language.name} ${why}. There is: ${versions}.`,
  );
}

/**
 * What a worker must have for this: the language, and the very version where one is asked for. `known` is null when
 * nobody has said yet what there is: the language's name is all that can be said then. Throws LANGUAGE_UNKNOWN.
 */
export function neededOf(
  languages: readonly Language[],
  known: readonly Offered[] | null,
  name: string,
  version = '*',
): string {
  if (known === null) {
    const every = languages.map((language) => ({ language, version: '0.0.0' }));
    return selectToolchain(every, name).language.name;
  }
  const chosen = selectToolchain(known, name, version);
  return isAnyVersion(version) ? chosen.language.name : `${chosen.language.name} ${chosen.version}`;
}

function isNamed(language: Language, name: string): boolean {
  const wanted = name.toLowerCase();
  return language.name === wanted || language.aliases.includes(wanted);
}

function isAnyVersion(version: string): boolean {
  return version === 'latest' || version === '*';
}

function quote(text: string): string {
  return JSON.stringify(text);
}
