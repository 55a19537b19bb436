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
  ];
  const others = [
    'src/workflows/ci.ts',
    'docs/github/workflows.md',
    'README.md',
    '.github/ISSUE_TEMPLATE.md',
    'x.yml',
  ];
  assert.deepEqual(ciDefinitions([...definitions, ...others]), definitions);
});
