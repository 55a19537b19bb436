/* What decides what runs with a repository's credentials, or who has to agree. Paths are compared in lower case. */
const definitions: readonly RegExp[] = [
  // A directory is a path of its own where the change makes a link or a submodule of it.
  /^\.(github|gitlab|husky)$/,
  /^\.github\/(workflows|actions)(\/|$)/,
  /(^|\/)action\.ya?ml$/,
  /^\.github\/(codeowners|[^/]*\.ya?ml)$/,
  /^(docs\/)?codeowners$/,
  /^\.gitlab\/(ci(\/|$)|codeowners$)/,
  /(^|\/)[^/]*\.?gitlab-ci([^/]*\.ya?ml$|\/)/,
  /^\.(circleci|buildkite|woodpecker|semaphore|drone|teamcity|azure-pipelines|tekton|forgejo|gitea|mergify)(\/|\.|$)/,
  /^\.(travis|drone|woodpecker|appveyor|cirrus|kodiak|bulldozer|policy|lgtm|pre-commit-config)\.(ya?ml|star|toml)$/,
  /^(appveyor|azure-pipelines|bitbucket-pipelines|cloudbuild|buildspec|wercker|codefresh|lefthook)\.ya?ml$/,
  /(^|\/)(azure-)?pipelines\/.*\.ya?ml$/,
  /(^|\/)jenkinsfile(\.|$)/,
  /^\.gantry\.ya?ml$/,
  /^\.ci(\/|$)/,
  /^ci\//,
  /^\.husky\//,
];

/** Those of the paths that define what a forge or its CI runs; `included` is what the base's definitions take in. */
export function ciDefinitions(paths: readonly string[], included: readonly string[] = []): string[] {
  const taken = included.map(patternOf);
  return paths.filter((path) => {
    const lower = path.toLowerCase();
    return definitions.some((each) => each.test(lower)) || taken.some((each) => each.test(lower));
  });
}

/** A file, a directory with all below it, or a pattern with `*`. */
function patternOf(included: string): RegExp {
  const source = included
    .toLowerCase()
    .split(/\*+/)
    .map((part) => part.replace(/[^\w/]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}(/|$)`, 's');
}
