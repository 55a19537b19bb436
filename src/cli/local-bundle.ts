import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GantryError } from '../base/errors.ts';

export interface LocalBundle {
  readonly file: string;
  /** The repository's own directory. */
  readonly root: string;
  /** What is worth saying about it. */
  readonly note: string | undefined;
}

const run = promisify(execFile);
const mostHistoryKiB = 200 * 1024;
const person = {
  GIT_AUTHOR_NAME: 'Gantry',
  GIT_AUTHOR_EMAIL: 'gantry@localhost',
  GIT_COMMITTER_NAME: 'Gantry',
  GIT_COMMITTER_EMAIL: 'gantry@localhost',
};

/**
 * Hands over a bundle of a repository of this machine: its working tree as it is, also what is not committed but for what
 * it ignores, or a ref; with `committed`, its last commit and no more. All of it is made beside the repository, whose index,
 * refs and objects stay as they are. The bundle is gone afterwards. INPUT_INVALID for what is no git repository.
 */
export async function withLocalBundle<Answer>(
  path: string,
  ref: string | undefined,
  use: (bundle: LocalBundle) => Promise<Answer>,
  committed = false,
): Promise<Answer> {
  const directory = resolve(path.replace(/^~(?=\/|$)/, homedir()));
  const place = await findRepository(directory);
  const temporary = await mkdtemp(join(tmpdir(), 'gantry-bundle-'));
  try {
    const own = join(temporary, 'own.git');
    await git(temporary, ['init', '--quiet', '--bare', own]);
    await writeFile(join(own, 'objects', 'info', 'alternates'), `${place.objects}\n`);
    const parts = { place, own, temporary };
    const head = await commitOf(place, ref ?? 'HEAD');
    if (ref !== undefined && head === undefined) throw invalid(`There is no "${ref}" in ${directory}`);
    const flat = await isFlat(place);
    const isTree = ref === undefined && place.root !== undefined && !committed;
    if (!isTree && head === undefined) throw invalid(`${directory} has no commit yet`);
    const commit = isTree
      ? await commitTree(parts, await treeOf(parts, head), flat ? undefined : head)
      : flat && head !== undefined
        ? await commitTree(parts, `${head}^{tree}`, undefined)
        : (head ?? '');
    const branch = (ref ?? place.branch).replace(/^refs\/(heads|tags)\//, '');
    await git(own, ['update-ref', `refs/heads/${branch}`, commit]).catch(() =>
      git(own, ['update-ref', 'refs/heads/snapshot', commit]),
    );
    const file = join(temporary, 'bundle');
    await git(own, ['update-ref', '--no-deref', 'HEAD', commit]);
    await git(own, ['bundle', 'create', '--quiet', file, 'HEAD', '--branches']);
    const notes = [
      ...(flat ? ['The repository is sent without its history, which is shallow or too large.'] : []),
      ...(committed && (await isDirty(place))
        ? ['What is not committed is left out: a session begins from a commit.']
        : []),
    ];
    const note = notes.length === 0 ? undefined : notes.join(' ');
    return await use({ file, root: place.root ?? directory, note });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

interface Place {
  readonly directory: string;
  /** Undefined for a bare repository. */
  readonly root: string | undefined;
  readonly gitDirectory: string;
  readonly objects: string;
  readonly branch: string;
}

interface Parts {
  readonly place: Place;
  /** A repository of our own that borrows the objects of theirs. */
  readonly own: string;
  readonly temporary: string;
}

async function findRepository(directory: string): Promise<Place> {
  const about = await stat(directory).catch(() => undefined);
  if (!about?.isDirectory()) throw invalid(`There is no directory ${directory}`);
  const ask = async (...words: string[]) => (await git(directory, words)).trim();
  const gitDirectory = await ask('rev-parse', '--absolute-git-dir').catch((cause: unknown) => {
    throw invalid(`${directory} is no git repository`, cause);
  });
  const isBare = (await ask('rev-parse', '--is-bare-repository')) === 'true';
  const root = isBare ? undefined : await ask('rev-parse', '--show-toplevel');
  const objects = resolve(directory, await ask('rev-parse', '--git-path', 'objects'));
  const branch = await ask('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => 'snapshot');
  return { directory, root, gitDirectory, objects, branch };
}

async function commitOf({ directory }: Place, ref: string): Promise<string | undefined> {
  const words = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
  return git(directory, words).then(
    (text) => text.trim(),
    () => undefined,
  );
}

/** Whether the history is better left out: cut off already, or too much to send. */
async function isFlat({ directory }: Place): Promise<boolean> {
  if ((await git(directory, ['rev-parse', '--is-shallow-repository'])).trim() === 'true') return true;
  const counted = await git(directory, ['count-objects', '-v']);
  const kib = [...counted.matchAll(/^size(?:-pack)?: (\d+)$/gm)].map(([, size]) => Number(size));
  return kib.reduce((sum, each) => sum + each, 0) > mostHistoryKiB;
}

async function isDirty({ root }: Place): Promise<boolean> {
  if (root === undefined) return false;
  return (await git(root, ['-c', 'core.fsmonitor=false', 'status', '--porcelain'])) !== '';
}

/** The working tree as a tree of ours; by a copy of their index, so that only what was changed is read. */
async function treeOf({ place, own, temporary }: Parts, head: string | undefined): Promise<string> {
  const root = place.root ?? place.directory;
  const index = join(temporary, 'index');
  const theirs = resolve(
    place.directory,
    (await git(place.directory, ['rev-parse', '--git-path', 'index'])).trim(),
  );
  const env = {
    GIT_INDEX_FILE: index,
    GIT_OBJECT_DIRECTORY: join(own, 'objects'),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: place.objects,
  };
  const copied = await copyFile(theirs, index).then(
    () => true,
    () => false,
  );
  if (!copied && head !== undefined) await git(root, ['read-tree', head], env);
  await git(
    root,
    ['-c', 'core.fsmonitor=false', '-c', 'core.splitIndex=false', 'add', '--all', '--', '.'],
    env,
  );
  return (await git(root, ['write-tree'], env)).trim();
}

async function commitTree({ own }: Parts, tree: string, parent: string | undefined): Promise<string> {
  const words = [
    'commit-tree',
    tree,
    '-m',
    'The working tree',
    ...(parent === undefined ? [] : ['-p', parent]),
  ];
  if (parent !== undefined) {
    const same = await git(own, ['rev-parse', `${parent}^{tree}`]);
    if (same.trim() === tree) return parent;
  }
  return (await git(own, words, person)).trim();
}

async function git(
  cwd: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    // Besides what this process was started with.
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const { stdout } = await run('env', [...settings, 'git', ...words], { cwd, maxBuffer: 64 * 1024 ** 2 });
    return stdout;
  } catch (cause) {
    const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw invalid('git is needed to read a repository of this machine, and it is not installed', cause);
    const first = stderr.split('\n', 1)[0] ?? '';
    throw invalid(
      `git ${words.find((word) => !word.startsWith('-')) ?? ''} failed in ${cwd}: ${first}`,
      cause,
    );
  }
}

function invalid(message: string, cause?: unknown): GantryError {
  return new GantryError('INPUT_INVALID', `${message.replace(/\.$/, '')}.`, { cause });
}
