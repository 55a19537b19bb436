import { cutEnd } from '../../../base/cut.ts';
import type { Workspace } from '../../../resources/workspace/workspace.ts';
import type { Check, CheckFormat } from './check.ts';
import { detectors } from './detect/catalogue.ts';
import type { Folder, FoundCheck } from './detect/folder.ts';
import { lastResort } from './detect/make.ts';
import { surveyFolders } from './detect/survey.ts';
import type { RepositoryConfig } from './repository-config.ts';

const kinds = ['lint', 'types', 'tests', 'security'] as const;
const minute = 60_000;
const timeouts: Readonly<Record<Check['kind'], number>> = {
  ...{ lint: 5 * minute, types: 5 * minute, tests: 9 * minute, security: 5 * minute },
};
const mostChecks = 16;
const longestName = 100;

/**
 * What a change to this repository can be proven with: the commands that `.gantry.yaml` names, and for kinds that it does
 * not, what the files of the repository ask for. Nothing of the repository is run, and no tool has to be there: one that
 * is missing says so when it is to run. Names are unique; at most 16.
 */
export async function detectChecks(workspace: Workspace, config: RepositoryConfig): Promise<Check[]> {
  const isAllSet = kinds.every((kind) => config.checks[kind] !== undefined);
  const detected = isAllSet ? [] : await detect(await surveyFolders(workspace));
  const checks = kinds.flatMap((kind): Omit<Check, 'timeoutMs'>[] => {
    const set = config.checks[kind];
    if (set === false) return [];
    if (set === undefined) return detected.filter((check) => check.kind === kind);
    return [{ kind, name: nameOf(set), command: set, format: formatOf(kind, set), from: '.gantry.yaml' }];
  });
  return withNames(checks.slice(0, mostChecks)).map((check) => ({
    ...check,
    timeoutMs: config.checkTimeoutMs ?? timeouts[check.kind],
  }));
}

async function detect(folders: readonly Folder[]): Promise<Omit<Check, 'timeoutMs'>[]> {
  const found: {
    readonly check: Omit<Check, 'timeoutMs'>;
    readonly ecosystem: string;
    readonly directory: string;
  }[] = [];
  for (const folder of folders)
    for (const { ecosystem, isNested, find } of detectors)
      for (const each of await find(folder)) {
        const isCovered = found.some(
          (other) =>
            other.ecosystem === ecosystem &&
            other.check.kind === each.kind &&
            isBelow(folder.directory, other.directory),
        );
        if (!isCovered || isNested === true)
          found.push({ check: checkOf(each, folder.directory), ecosystem, directory: folder.directory });
      }
  const checks = found.map(({ check }) => check);
  const [root] = folders;
  const more = root ? await lastResort(root, new Set(checks.map(({ kind }) => kind))) : [];
  return [...checks, ...more.map((each) => checkOf(each, ''))];
}

function checkOf({ tool, ...check }: FoundCheck, directory: string): Omit<Check, 'timeoutMs'> {
  const name = directory === '' ? tool : `${tool} (${directory})`;
  return { ...check, name, ...(directory !== '' && { cwd: directory }), from: 'detected' };
}

function isBelow(directory: string, above: string): boolean {
  return directory !== above && (above === '' || directory.startsWith(`${above}/`));
}

function nameOf(command: string): string {
  return cutEnd(command.split('\n', 1)[0] ?? '', longestName);
}

/** What the command will likely print. */
function formatOf(kind: Check['kind'], command: string): CheckFormat {
  if (kind === 'tests') return 'test-output';
  const isJson = /json/.test(command);
  if (isJson && /\bruff\b/.test(command)) return 'ruff-json';
  if (isJson && /\beslint\b/.test(command)) return 'eslint-json';
  if (isJson && /\bsemgrep\b/.test(command)) return 'semgrep-json';
  if (isJson && /\bbandit\b/.test(command)) return 'bandit-json';
  if (/\bmypy\b/.test(command)) return 'mypy-json';
  return /\btsc\b/.test(command) ? 'tsc' : 'text';
}

/** What is called the same is told apart by its kind, or by a number. */
function withNames<Named extends { readonly name: string; readonly kind: string }>(
  checks: readonly Named[],
): Named[] {
  const taken = new Set<string>();
  return checks.map((check) => {
    let name = check.name;
    if (taken.has(name)) name = `${check.name} (${check.kind})`;
    for (let n = 2; taken.has(name); n += 1) name = `${check.name} (${n})`;
    taken.add(name);
    return { ...check, name };
  });
}
