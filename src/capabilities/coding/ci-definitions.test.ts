import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ciDefinitions } from './ci-definitions.ts';

test('what CI runs is told from what it runs on, in any case of letters', () => {
  const definitions = [
    '.github/workflows/ci.yml',
    '.GITHUB/Workflows/release.yaml',
    '.github/actions/setup/index.js',
    'tools/action.yml',
    '.github/CODEOWNERS',
    'CODEOWNERS',
    '.gitlab-ci.yml',
    'ci/build.gitlab-ci.yml',
    '.circleci/config.yml',
    '.travis.yml',
    'azure-pipelines.yml',
    'bitbucket-pipelines.yml',
    'Jenkinsfile',
    'deploy/Jenkinsfile.release',
    '.gantry.yaml',
    '.husky/pre-commit',
    '.forgejo/workflows/test.yml',
    '.drone.yml',
    '.github',
    '.github/workflows',
    '.GitHub/actions',
    '.github/settings.yml',
    '.gitlab-ci/lint.yml',
    '.mergify.yml',
    '.pre-commit-config.yaml',
    'ci/build.sh',
    'deploy/pipelines/release.yml',
  ];
  const others = [
    'src/workflows/ci.ts',
    'docs/github/workflows.md',
    'README.md',
    '.github/ISSUE_TEMPLATE.md',
    'x.yml',
    'src/ci/price.ts',
    '.github/workflows.md',
  ];
  assert.deepEqual(ciDefinitions([...definitions, ...others]), definitions);
});

test('what the definitions of the base take in is a definition as well', () => {
  const included = ['templates/*.yml', 'tools/act', 'build/steps.yml'];
  const taken = ['templates/Lint.yml', 'tools/act/index.js', 'build/steps.yml', 'tools/act'];
  assert.deepEqual(
    ciDefinitions([...taken, 'tools/actor.js', 'build/steps.yml.md', 'x/tools/act'], included),
    taken,
  );
});
