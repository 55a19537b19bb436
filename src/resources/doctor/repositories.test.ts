import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAtForges } from './forges.ts';
import { lookAtGit, lookAtWorkspaces } from './git.ts';

test('the doctor says which git is there, and where workspaces lie', async () => {
  const [git, ssh] = await lookAtGit();
  assert.match(git?.detail ?? '', /^version \d+\.\d+/);
  assert.equal(git?.state, 'ok');
  assert.equal(ssh?.name, 'ssh');
  const [workspaces] = await lookAtWorkspaces();
  assert.match(workspaces?.detail ?? '', /^(on storage|in memory)/);
});

test('the doctor says how forges let Gantry in, and that half an App does not', () => {
  const [half] = lookAtForges({ githubAppId: '7', gitlabToken: 'glpat-canary' });
  assert.deepEqual([half?.state, half?.detail.includes('GITHUB_APP_PRIVATE_KEY')], ['gap', true]);
  const [both] = lookAtForges({ githubToken: 'ghp-canary', gitlabToken: 'glpat-canary' });
  assert.equal(both?.detail, 'GitHub by a token, GitLab by a token; others by tokens of their own');
  assert.match(lookAtForges({})[0]?.detail ?? '', /none configured/);
});
