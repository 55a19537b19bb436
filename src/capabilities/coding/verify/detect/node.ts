import { z } from 'zod';
import type { Detector, Folder, FoundCheck } from './folder.ts';

const manifestSchema = z.object({
  scripts: z.record(z.string(), z.string().catch('')).catch({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}),
  packageManager: z.string().catch(''),
  eslintConfig: z.unknown().optional(),
  jest: z.unknown().optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

interface Project {
  readonly folder: Folder;
  readonly manifest: Manifest;
  readonly manager: Manager;
}

/** JavaScript and TypeScript: the scripts of package.json, else the tools that it or their settings name. */
export const node: Detector = {
  ecosystem: 'node',
  find: async (folder) => {
    if (!folder.names.has('package.json')) return [];
    const manifest = manifestOf(await folder.read('package.json'));
    if (!manifest) return [];
    const project = { folder, manifest, manager: managerOf(folder, manifest) };
    return [lintOf(project), typesOf(project), testsOf(project)].filter((each) => each !== undefined);
  },
};

function manifestOf(text: string | undefined): Manifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

const lockfiles = {
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  bun: ['bun.lock', 'bun.lockb'],
  npm: ['package-lock.json'],
} as const;
type Manager = keyof typeof lockfiles;
const managers: readonly Manager[] = ['pnpm', 'yarn', 'bun', 'npm'];

/** By the lockfile, here or above; then by what the manifest says. */
function managerOf(folder: Folder, { packageManager }: Manifest): Manager {
  const hasLock = (name: Manager): boolean =>
    lockfiles[name].some((each) => folder.names.has(each)) || folder.above(...lockfiles[name]) !== undefined;
  return managers.find(hasLock) ?? managers.find((name) => packageManager.startsWith(`${name}@`)) ?? 'npm';
}

/** What people call a script, and the command that runs it, with more arguments for it. */
function runScript(
  { manager }: Project,
  script: string,
  more?: string,
): Pick<FoundCheck, 'tool' | 'command'> {
  const tool = script === 'test' ? `${manager} test` : `${manager} run ${script}`;
  if (manager !== 'npm')
    return { tool, command: [manager, 'run', script, ...(more === undefined ? [] : [more])].join(' ') };
  return { tool, command: `npm run --silent ${script}${more === undefined ? '' : ` -- ${more}`}` };
}

const installs =
  /\b(npm|pnpm|yarn|bun)\s+(ci|i|install|add)\b|\bplaywright install\b|\bnpx\s+(?!--no)|\b(pnpm|yarn) dlx\b|\bbunx\b/;
const changes = /(^|\s)--(fix|write|apply|update-snapshot|watch|watchAll)\b(?!=false)|(^|\s)-u\b/;
const placeholder = /no test specified/;

/** The first of these scripts that only looks: one that installs, mends or watches is never run. */
function scriptOf(
  { manifest: { scripts } }: Project,
  ...names: readonly string[]
): { name: string; text: string } | undefined {
  for (const name of names) {
    const text = scripts[name];
    if (text === undefined || text.trim() === '' || placeholder.test(text)) continue;
    const all = [scripts[`pre${name}`], text, scripts[`post${name}`]].filter((each) => each !== undefined);
    if (!all.some((each) => installs.test(each) || changes.test(each))) return { name, text };
  }
  return undefined;
}

/** True when a script is one call of the program, to which arguments can be added. */
function isOneCall(text: string, program: string): boolean {
  return new RegExp(`^${program}(\\s[^&|;<>\`$]*)?$`).test(text.trim());
}

function needs({ manifest, folder }: Project, ...packages: readonly string[]): boolean {
  return (
    packages.some((name) => name in manifest.dependencies || name in manifest.devDependencies) ||
    hasFile(folder, new RegExp(`^(${packages.join('|')})\\.config\\.`))
  );
}

function hasFile({ names }: Folder, pattern: RegExp): boolean {
  return [...names].some((name) => pattern.test(name));
}

function lintOf(project: Project): FoundCheck | undefined {
  const { folder, manifest } = project;
  const script = scriptOf(project, 'lint', 'lint:check', 'check:lint', 'lint:js', 'lint:ts', 'eslint');
  const base = { kind: 'lint', format: 'text' } as const;
  if (script && isOneCall(script.text, 'eslint') && !/(^|\s)(-f|--format|--stdin)\b/.test(script.text))
    return { ...base, ...runScript(project, script.name, '--format json'), format: 'eslint-json' };
  if (script) return { ...base, ...runScript(project, script.name) };
  if (hasFile(folder, /^(eslint\.config\.|\.eslintrc)/) || manifest.eslintConfig !== undefined)
    return {
      ...base,
      tool: 'eslint',
      command: 'npx --no-install eslint . --format json',
      format: 'eslint-json',
    };
  if (hasFile(folder, /^biome\.jsonc?$/))
    return {
      ...base,
      tool: 'biome',
      command: 'npx --no-install biome lint --colors=off --max-diagnostics=200 .',
    };
  if (folder.names.has('.oxlintrc.json'))
    return { ...base, tool: 'oxlint', command: 'npx --no-install oxlint --format unix' };
  return undefined;
}

function typesOf(project: Project): FoundCheck | undefined {
  const { folder } = project;
  const names = [
    'typecheck',
    'type-check',
    'types',
    'check-types',
    'check:types',
    'types:check',
    'typecheck:all',
    'tsc',
  ];
  const script = scriptOf(project, ...names);
  const base = { kind: 'types', format: 'tsc' } as const;
  if (script) {
    const isTsc = isOneCall(script.text, '(vue-)?tsc') && !/--pretty/.test(script.text);
    return { ...base, ...runScript(project, script.name, isTsc ? '--pretty false' : undefined) };
  }
  if (!folder.names.has('tsconfig.json')) return undefined;
  return { ...base, tool: 'tsc', command: 'npx --no-install tsc --noEmit --pretty false -p .' };
}

function testsOf(project: Project): FoundCheck | undefined {
  const { folder, manifest } = project;
  const base = { kind: 'tests', format: 'test-output' } as const;
  const script = scriptOf(project, 'test', 'test:unit', 'test:ci', 'tests', 'unit');
  if (script) return { ...base, ...runScript(project, script.name) };
  if (needs(project, 'vitest'))
    return { ...base, tool: 'vitest', command: 'npx --no-install vitest run --reporter=default' };
  if (needs(project, 'jest') || manifest.jest !== undefined)
    return { ...base, tool: 'jest', command: 'npx --no-install jest --ci' };
  if (needs(project, 'mocha') || hasFile(folder, /^\.mocharc/))
    return { ...base, tool: 'mocha', command: 'npx --no-install mocha --reporter spec' };
  const hasTests = folder.below.some(
    (path) => /\.test\.[cm]?[jt]s$/.test(path) || /(^|\/)test\/[^/]+\.[cm]?js$/.test(path),
  );
  return hasTests ? { ...base, tool: 'node --test', command: 'node --test' } : undefined;
}
