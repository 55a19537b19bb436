import { maxSatisfying, validRange } from 'semver';
import { GantryError } from '../../base/errors.ts';
import type { Toolchain } from './languages/language.ts';

/**
 * The newest toolchain that a name or alias and a version range mean. Throws LANGUAGE_UNKNOWN, which lists what there is.
 */
export function selectToolchain(toolchains: readonly Toolchain[], name: string, version = '*'): Toolchain {
  const wanted = name.toLowerCase();
  const those = toolchains.filter(
    ({ language }) => language.name === wanted || language.aliases.includes(wanted),
  );
  if (those.length === 0) {
    const names = [...new Set(toolchains.map(({ language }) => language.name))].join(', ');
    throw new GantryError(
      'LANGUAGE_UNKNOWN',
      `The language ${quote(name)} is not installed here. There is: ${names || 'none'}.`,
    );
  }
  const range = version === 'latest' ? '*' : validRange(version);
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

function quote(text: string): string {
  return JSON.stringify(text);
}
