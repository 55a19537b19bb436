import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GantryError } from '../../base/errors.ts';
import type { Toolchain } from './languages/language.ts';
import { languages } from './languages/table.ts';
import { neededOf, selectToolchain } from './select.ts';

function installed(name: string, ...versions: string[]): Toolchain[] {
  const language = languages.find((each) => each.name === name);
  assert.ok(language);
  return versions.map((version) => ({
    language,
    version,
    program: `/usr/bin/${name}`,
    report: '',
    mounts: [],
  }));
}

const here = [...installed('python', '3.12.1', '3.11.2', '3.9.0'), ...installed('c++', '12.2.0')];

function chosen(name: string, version?: string): string {
  const { language, version: found } = selectToolchain(here, name, version);
  return `${language.name} ${found}`;
}

test('a language goes by its name or an alias, in any case', () => {
  for (const name of ['python', 'py', 'Python', 'python3']) assert.equal(chosen(name), 'python 3.12.1');
  for (const name of ['c++', 'cpp', 'g++']) assert.equal(chosen(name), 'c++ 12.2.0');
});

test('a version is the newest in the range', () => {
  const ranges = {
    '3': '3.12.1',
    '3.x': '3.12.1',
    latest: '3.12.1',
    '3.11': '3.11.2',
    '3.11.2': '3.11.2',
    '>=3.10 <3.12': '3.11.2',
    '~3.9': '3.9.0',
  };
  for (const [range, version] of Object.entries(ranges))
    assert.equal(chosen('py', range), `python ${version}`, range);
});

test('what is not installed is refused with a list of what is', () => {
  const refused = (name: string, version: string | undefined, pattern: RegExp) =>
    assert.throws(
      () => chosen(name, version),
      (error) =>
        error instanceof GantryError && error.code === 'LANGUAGE_UNKNOWN' && pattern.test(error.message),
    );
  refused('cobol', undefined, /"cobol" .* python, c\+\+\./);
  refused(
    'python',
    '2',
    /Version "2" of python is not installed here\. There is: 3\.12\.1, 3\.11\.2, 3\.9\.0\./,
  );
  refused('python', 'three', /not a version/);
  refused('python\u001b[2J', undefined, /\\u001b/);
});

test('a run needs a language, and the very version only where one is asked for', () => {
  assert.equal(neededOf(languages, here, 'py'), 'python');
  assert.equal(neededOf(languages, here, 'py', 'latest'), 'python');
  assert.equal(neededOf(languages, here, 'py', '3.11'), 'python 3.11.2');
  assert.throws(() => neededOf(languages, here, 'ruby'), { code: 'LANGUAGE_UNKNOWN' });
});

test('as long as no worker has said what there is, any language of the table may wait for one', () => {
  assert.equal(neededOf(languages, null, 'py', '9.9'), 'python');
  assert.throws(() => neededOf(languages, null, 'klingon'), { code: 'LANGUAGE_UNKNOWN' });
});
