import { createHash } from 'node:crypto';
import { inert } from '../../base/inert.ts';
import { installers } from './catalogue.ts';
import { ecosystems, type Candidate, type Ecosystem, type Match, type Installer } from './installer.ts';
import type { Environment, Project } from './project.ts';

/** The files of a repository at one commit, as the host reads them without running anything. */
export interface RepositoryFiles {
  /** Every plain file and link. */
  readonly paths: readonly string[];
  /** The content of a plain file; undefined for what is none, and for one larger than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
}

const largestFile = 16 * 1024 ** 2;
const largestTogether = 64 * 1024 ** 2;
const mostManifests = 400;
const mostProjects = 12;
const deepest = 4;
/** What lies in these is somebody else's, or there to be looked at. */
const leftOut =
  /(^|\/)(node_modules|vendor|third[_-]party|fixtures?|testdata|tests?|__tests__|spec|examples?|templates?|\.[^/]+)(\/|$)/i;

/** Finds what a repository's manifests ask for. Nothing of it is run, and whatever is in it, it ends. */
export async function detectEnvironment(files: RepositoryFiles): Promise<Environment> {
  const folders = foldersOf(files.paths);
  const read = boundedReader(files);
  const projects: Project[] = [];
  const notices: string[] = [];
  for (const [directory, names] of folders) {
    const candidate: Candidate = { names, read: (name) => read.text(join(directory, name)) };
    for (const ecosystem of ecosystems) {
      const found = await firstMatch(ecosystem, candidate);
      if (!found || isCovered(found.match, ecosystem, directory, projects)) continue;
      if (projects.length === mostProjects) {
        notices.push(`Dependencies of ${inert(directory)} are not installed: ${mostProjects} are the most.`);
        return { projects, notices };
      }
      const project = await describe(found, directory, files.paths, read);
      if (typeof project === 'string') notices.push(project);
      else projects.push(project);
    }
  }
  return { projects, notices };
}

interface Found {
  readonly manager: Installer;
  readonly match: Match;
}

async function firstMatch(ecosystem: Ecosystem, candidate: Candidate): Promise<Found | undefined> {
  for (const manager of installers) {
    if (manager.ecosystem !== ecosystem) continue;
    const match = await manager.match(candidate);
    if (match) return { manager, match };
  }
  return undefined;
}

/** A directory without a lockfile of its own belongs to the project that lies above it. */
function isCovered(
  match: Match,
  ecosystem: Ecosystem,
  directory: string,
  projects: readonly Project[],
): boolean {
  if (match.lockfile !== null || directory === '') return false;
  return projects.some((project) => project.ecosystem === ecosystem && isBelow(directory, project.directory));
}

function isBelow(path: string, directory: string): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}

/** Names of files by directory, the root first, then by depth and name. */
function foldersOf(paths: readonly string[]): [string, Set<string>][] {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const cut = path.lastIndexOf('/');
    const directory = cut < 0 ? '' : path.slice(0, cut);
    if (leftOut.test(directory) || depthOf(directory) > deepest) continue;
    const names = folders.get(directory) ?? new Set();
    folders.set(directory, names.add(path.slice(cut + 1)));
  }
  return [...folders].toSorted(([one], [other]) => depthOf(one) - depthOf(other) || (one < other ? -1 : 1));
}

function depthOf(directory: string): number {
  return directory === '' ? 0 : directory.split('/').length;
}

interface Reader {
  bytes(path: string): Promise<Uint8Array | undefined>;
  text(path: string): Promise<string | undefined>;
}

function boundedReader(files: RepositoryFiles): Reader {
  const known = new Map<string, Uint8Array | undefined>();
  let left = largestTogether;
  const bytes = async (path: string): Promise<Uint8Array | undefined> => {
    if (known.has(path)) return known.get(path);
    const content = await files.read(path, Math.min(largestFile, left));
    left -= content?.length ?? 0;
    known.set(path, content);
    return content;
  };
  return {
    bytes,
    text: async (path) => {
      const content = await bytes(path);
      return content && Buffer.from(content).toString();
    },
  };
}

async function describe(
  { manager, match }: Found,
  directory: string,
  paths: readonly string[],
  read: Reader,
): Promise<Project | string> {
  const named = new Set([...manager.manifests, ...(match.argument === undefined ? [] : [match.argument])]);
  const manifests = paths
    .filter((path) => isBelow(path, directory) && named.has(path.slice(path.lastIndexOf('/') + 1)))
    .toSorted();
  const hash = createHash('sha256');
  let whole = manifests.length <= mostManifests;
  for (const path of manifests.slice(0, mostManifests)) {
    const content = await read.bytes(path);
    const isLockfile = path === join(directory, match.lockfile ?? '');
    if (content === undefined && isLockfile)
      return `Dependencies of ${inert(path)} are not installed: the file is too large, or no plain file.`;
    if (content === undefined) whole = false;
    hash
      .update(JSON.stringify([path.slice(directory.length), content?.length ?? null]))
      .update(content ?? '');
  }
  return {
    manager: manager.name,
    ecosystem: manager.ecosystem,
    directory,
    lockfile: match.lockfile,
    argument: match.argument ?? null,
    digest: hash.digest('hex'),
    // What wasn't read decides too, so that the result is for exactly these files.
    readsTree: match.readsTree || !whole,
  };
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
