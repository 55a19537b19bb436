/* What decides what runs with a repository's credentials, or who has to agree. Paths are compared in lower case. */
const definitions: readonly RegExp[] = [
  /^\.github\/(workflows|actions)\//,
  /(^|\/)action\.ya?ml$/,
  /^\.github\/(codeowners|dependabot\.ya?ml)$/,
  /^(docs\/)?codeowners$/,
  /^\.gitlab\/(ci\/|codeowners$)/,
  /(^|\/)[^/]*\.?gitlab-ci[^/]*\.ya?ml$/,
  /^\.(circleci|buildkite|woodpecker|semaphore|drone|teamcity|azure-pipelines|tekton|forgejo|gitea)(\/|\.|$)/,
  /^\.(travis|drone|woodpecker|appveyor|cirrus)\.(ya?ml|star)$/,
  /^(appveyor|azure-pipelines|bitbucket-pipelines|cloudbuild|buildspec|wercker|codefresh)\.ya?ml$/,
  /(^|\/)jenkinsfile(\.|$)/,
  /^\.gantry\.ya?ml$/,
  /^\.ci(\/|$)/,
  /^\.husky\//,
];

/** Those of the paths that define what a forge or its CI runs. */
export function ciDefinitions(paths: readonly string[]): string[] {
  return paths.filter((path) => definitions.some((each) => each.test(path.toLowerCase())));
}
