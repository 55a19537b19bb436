import { readdirSync, readFileSync, statSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A task of real shape: a repository, what is wanted, and tests that the workspace never sees. */
export interface Task {
  readonly name: string;
  readonly goal: string;
  /** How the hidden tests are run: `python test_hidden.py`, `node hidden.test.ts`. */
  readonly run: string;
  /** What the agent starts from, by path. */
  readonly repository: Readonly<Record<string, string>>;
  readonly hidden: Readonly<Record<string, string>>;
  /** What the model `scripted` says in it; only to prove the way, it says nothing about a model. */
  readonly solution: unknown;
}

/** The tasks of a folder, each a directory with `task.yaml`, `repository/` and `hidden/`. Throws when there are none. */
export function readTasks(folder: string): Task[] {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'task.yaml')));
  if (names.length === 0) throw new Error(`${folder} holds no tasks: directories with a task.yaml.`);
  return names.toSorted().map((name) => readTask(join(folder, name), name));
}

function readTask(directory: string, name: string): Task {
  const { goal, run } = parse(readFileSync(join(directory, 'task.yaml'), 'utf8')) as Record<string, unknown>;
  if (typeof goal !== 'string' || typeof run !== 'string')
    throw new Error(`${name}/task.yaml needs goal and run, both texts.`);
  const solution = join(directory, 'solution.json');
  return {
    ...{ name, goal: goal.trim(), run },
    repository: readTree(join(directory, 'repository')),
    hidden: readTree(join(directory, 'hidden')),
    solution: existsSync(solution) ? JSON.parse(readFileSync(solution, 'utf8')) : undefined,
  };
}

function readTree(directory: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const path = join(directory, name);
    if (statSync(path).isFile()) files[name] = readFileSync(path, 'utf8');
  }
  return files;
}
