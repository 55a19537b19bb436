import type { Detector, Folder, FoundCheck } from './folder.ts';

/** Go: each module by itself. */
export const goLang: Detector = {
  ecosystem: 'go',
  isNested: true,
  find: async ({ names }) => {
    if (!names.has('go.mod')) return [];
    const hasLinter = [...names].some((name) => name.startsWith('.golangci.'));
    return [
      hasLinter
        ? {
            kind: 'lint',
            tool: 'golangci-lint',
            command: 'golangci-lint run --color never ./...',
            format: 'text',
          }
        : { kind: 'lint', tool: 'go vet', command: 'go vet ./...', format: 'text' },
      { kind: 'tests', tool: 'go test', command: 'go test ./...', format: 'test-output' },
    ];
  },
};

/** Rust, with the members of a workspace. */
export const cargo: Detector = {
  ecosystem: 'rust',
  find: async ({ names }) =>
    names.has('Cargo.toml')
      ? [
          {
            kind: 'lint',
            tool: 'cargo clippy',
            command: 'cargo clippy --workspace --all-targets --quiet --message-format short',
            format: 'text',
          },
          {
            kind: 'types',
            tool: 'cargo check',
            command: 'cargo check --workspace --all-targets --quiet --message-format short',
            format: 'text',
          },
          {
            kind: 'tests',
            tool: 'cargo test',
            command: 'cargo test --workspace --no-fail-fast',
            format: 'test-output',
          },
        ]
      : [],
};

/** Ruby: RuboCop; RSpec, the tests of Rake, or plain test files. */
export const ruby: Detector = {
  ecosystem: 'ruby',
  find: async (folder) => {
    const { names, below, read } = folder;
    if (!names.has('Gemfile') && !names.has('Rakefile') && !names.has('.rspec')) return [];
    const bundle = names.has('Gemfile') ? 'bundle exec ' : '';
    const lint: FoundCheck[] = names.has('.rubocop.yml')
      ? [
          {
            kind: 'lint',
            tool: 'rubocop',
            command: `${bundle}rubocop --no-color --format emacs`,
            format: 'text',
          },
        ]
      : [];
    const base = { kind: 'tests', format: 'test-output' } as const;
    if (names.has('.rspec') || below.some((path) => path.endsWith('_spec.rb')))
      return [...lint, { ...base, tool: 'rspec', command: `${bundle}rspec --no-color` }];
    if (names.has('Rakefile') && /\btest\b/i.test((await read('Rakefile')) ?? ''))
      return [...lint, { ...base, tool: 'rake test', command: `${bundle}rake test` }];
    const hasTests = below.some((path) => /(^|\/)test\/(.*\/)?(test_[^/]*|[^/]*_test)\.rb$/.test(path));
    const plain = `${bundle}ruby -Ilib -Itest -e 'Dir["./test/**/{test_*,*_test}.rb"].sort.each { |file| require file }'`;
    return hasTests ? [...lint, { ...base, tool: 'ruby tests', command: plain }] : lint;
  },
};

/** Java and Kotlin: Maven or Gradle, by the project's wrapper where it has one; the root builds its modules. */
export const java: Detector = {
  ecosystem: 'java',
  find: async ({ names }) => {
    const base = { kind: 'tests', format: 'test-output' } as const;
    if (names.has('pom.xml')) {
      const program = names.has('mvnw') ? 'sh ./mvnw' : 'mvn';
      return [{ ...base, tool: 'mvn test', command: `${program} -o -B -ntp -Dstyle.color=never test` }];
    }
    if (!names.has('build.gradle') && !names.has('build.gradle.kts')) return [];
    const program = names.has('gradlew') ? 'sh ./gradlew' : 'gradle';
    return [
      { ...base, tool: 'gradle test', command: `${program} --offline --no-daemon --console=plain test` },
    ];
  },
};

/** Semgrep with rules that lie in the repository; those of a registry can't be had without a network. */
export const semgrep: Detector = {
  ecosystem: 'semgrep',
  find: async ({ names }: Folder) => {
    const rules = ['.semgrep.yml', '.semgrep.yaml'].find((name) => names.has(name));
    if (rules === undefined) return [];
    const command = `semgrep scan --config ${rules} --json --error --quiet --metrics=off --disable-version-check`;
    return [{ kind: 'security', tool: 'semgrep', command, format: 'semgrep-json' }];
  },
};
