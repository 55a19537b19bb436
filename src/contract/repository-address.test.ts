import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRepositoryAddress, repositoryMeant } from './repository-address.ts';

const known = [
  { name: 'acme/shop', url: 'https://github.com/acme/shop.git', webUrl: 'https://github.com/acme/shop' },
  { name: 'team/api', url: 'ssh://git@git.example.com:2222/team/api.git', webUrl: null },
  { name: 'bare', url: '/srv/Git/bare.git', webUrl: null },
];

test('a repository is found by its name and by every form of its address', () => {
  const forms: Readonly<Record<string, readonly string[]>> = {
    'acme/shop': [
      ...['acme/shop', ' Acme/Shop ', 'https://github.com/acme/shop', 'https://GitHub.com/acme/shop.git/'],
      ...[
        'git@github.com:acme/shop.git',
        'ssh://git@github.com/acme/shop',
        'https://me@github.com/acme/shop',
      ],
      'http://github.com/acme/shop',
    ],
    'team/api': ['ssh://git@git.example.com:2222/team/api', 'git.example.com:2222/team/api'],
    bare: ['/srv/Git/bare.git', '/srv/Git/bare/', 'file:///srv/Git/bare.git'],
  };
  for (const [name, texts] of Object.entries(forms))
    for (const text of texts) assert.equal(repositoryMeant(text, known)?.name, name, text);
});

test('another host, path or case of a directory is another repository', () => {
  for (const text of [
    ...['https://github.com/acme/shop2', 'https://gitlab.com/acme/shop', 'acme/none', '', '/srv/git/bare'],
    ...['https://github.com/acme/shop/evil', 'https://github.com.example.com/acme/shop'],
  ])
    assert.equal(repositoryMeant(text, known), undefined, text);
});

test('an address is told from a name and a path', () => {
  for (const text of ['https://x/y', 'git@x.y:z', 'ssh://x/y', 'file:///x'])
    assert.ok(isRepositoryAddress(text), text);
  for (const text of ['acme/shop', '.', './x', '/srv/x', 'C:x']) assert.ok(!isRepositoryAddress(text), text);
});
