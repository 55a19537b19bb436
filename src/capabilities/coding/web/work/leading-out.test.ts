import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fetchCommand } from './fetch-command.ts';
import { outwardHref } from './outward-href.ts';

test('only addresses of the web become links', () => {
  assert.equal(outwardHref('https://forge.example/pull/7'), 'https://forge.example/pull/7');
  assert.equal(outwardHref('http://127.0.0.1:3000/7'), 'http://127.0.0.1:3000/7');
  for (const other of ['javascript:alert(1)', 'data:text/html,x', '/pull/7', 'no address', '', null])
    assert.equal(outwardHref(other), undefined, String(other));
});

test('the command that takes a branch out of its bundle takes names for nothing but names', () => {
  assert.equal(
    fetchCommand('gantry/1a2b3c4d'),
    'git fetch ~/Downloads/gantry-1a2b3c4d.bundle gantry/1a2b3c4d:gantry/1a2b3c4d',
  );
  assert.equal(
    fetchCommand("it's $(x)"),
    String.raw`git fetch ~/Downloads/'it'\''s $(x).bundle' 'it'\''s $(x):it'\''s $(x)'`,
  );
});
