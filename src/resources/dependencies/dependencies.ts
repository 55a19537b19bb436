import { GantryError, toGantryError } from '../../base/errors.ts';
import { inert } from '../../base/inert.ts';
import { metrics } from '../../base/metrics.ts';
import {
  workspaceDirectory,
  type SandboxLimits,
  type SandboxMount,
  type SandboxTree,
} from '../ports/sandbox.ts';
import type { WorkspaceBase, WorkspaceEvent } from '../workspace/workspace.ts';
import { installerNamed } from './catalogue.ts';
import { installLimits, installProject, type InstallJob, type InstallParts } from './install-project.ts';
import type { Installer } from './installer.ts';
import { projectName, type Environment, type Project } from './project.ts';
import { snapshotKey } from './snapshot-key.ts';
import { surveyEnvironment } from './survey.ts';
import { createVersions, type Versions } from './versions.ts';

export interface InstallRequest {
  /** The tenant of the layers. Trusted runs and strangers' must have different ones. */
  readonly tenant: string;
  readonly trust: WorkspaceBase['trust'];
  /** The checkout, as saved layers. */
  readonly layers: readonly string[];
  /** What the sandboxes of the run are shown besides. */
  readonly mounts?: readonly SandboxMount[];
  readonly disk?: SandboxTree['disk'];
  readonly environment: Environment;
  readonly onEvent: (event: WorkspaceEvent) => void;
  readonly signal: AbortSignal;
  /** Throws WORKSPACE_FAILED for what can't be installed, in place of a notice. */
  readonly required?: boolean;
}

/** What became of one project. */
export interface Installed {
  /** `npm`, `pip (services/api)`. */
  readonly name: string;
  readonly from: 'snapshot' | 'install' | 'none';
  readonly durationMs: number;
  /** What lies over the checkout; null for `none`. */
  readonly layerKey: string | null;
  /** Why there is none, for people. */
  readonly notice: string | null;
}

/** All of a workspace's packages. JSON. */
export interface InstallResult {
  /** What to put over the layers of the checkout, in any order. */
  readonly layers: readonly string[];
  readonly installed: readonly Installed[];
  /** What programs need to find the packages. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of files and directories, anywhere, that belong to packages and to no checkpoint; `*` stands before an ending. */
  readonly ignore: readonly string[];
}

/** The packages that repositories ask for: found out by reading, installed in a sandbox, kept as layers. */
export interface Dependencies {
  /** What the repository of these layers asks for; remembered. */
  survey(request: Omit<InstallRequest, 'environment' | 'onEvent'>): Promise<Environment>;
  /**
   * Finds or makes a layer for each project. What can't be installed is a notice and a `log` event, unless `required`.
   * Throws what the sandbox port throws, and the signal's reason.
   */
  install(request: InstallRequest): Promise<InstallResult>;
}

export function createDependencies(
  options: Omit<InstallParts, 'limits'> & { readonly limits?: Partial<SandboxLimits> },
): Dependencies {
  const parts: InstallParts = { ...options, limits: { ...installLimits, ...options.limits } };
  const house: House = {
    parts,
    versions: createVersions(parts.sandboxes),
    flights: new Map(),
    surveys: new Map(),
    failures: new Map(),
  };
  return {
    survey: (request) => survey(house, request),
    install: async (request) => {
      for (const message of request.environment.notices) warn(request, message);
      const installed: Installed[] = [];
      const used: { project: Project; manager: Installer }[] = [];
      for (const project of request.environment.projects) {
        const manager = installerNamed(project.manager);
        if (!manager) continue;
        const result = await installOne(house, request, project, manager);
        installed.push(result);
        if (result.layerKey !== null) used.push({ project, manager });
      }
      return {
        layers: installed.flatMap(({ layerKey }) => layerKey ?? []),
        installed,
        env: Object.assign({}, ...used.toReversed().map(useOf)),
        ignore: [...new Set(used.flatMap(({ manager }) => manager.keeps))],
      };
    },
  };
}

interface House {
  readonly parts: InstallParts;
  readonly versions: Versions;
  /** Installs of this process, by tenant and key. */
  readonly flights: Map<string, Promise<unknown>>;
  /** What the repositories of layers ask for. A layer's key names its content, so this never grows old. */
  readonly surveys: Map<string, Environment>;
  /** Installs that failed a short while ago, and why: each step of a run may ask for them again. */
  readonly failures: Map<string, { readonly error: GantryError; readonly until: number }>;
}

const mostSurveys = 500;
const failureMs = 5 * 60_000;

async function survey(
  { parts, surveys }: House,
  { tenant, layers, mounts, disk, signal }: Omit<InstallRequest, 'environment' | 'onEvent'>,
): Promise<Environment> {
  const place = JSON.stringify([tenant, layers]);
  const known = surveys.get(place);
  if (known) return known;
  const sandbox = await parts.sandboxes.create({
    tenant,
    limits: { ...parts.limits, wallMs: 60_000 },
    tree: { layers, disk: disk ?? 'storage' },
    ...(mounts && { mounts }),
  });
  try {
    const found = await surveyEnvironment(sandbox, parts.shim, signal);
    const [oldest] = surveys.keys();
    if (surveys.size >= mostSurveys && oldest !== undefined) surveys.delete(oldest);
    surveys.set(place, found);
    return found;
  } finally {
    await sandbox.destroy();
  }
}

async function installOne(
  house: House,
  request: InstallRequest,
  project: Project,
  manager: Installer,
): Promise<Installed> {
  const name = inert(projectName(project));
  const begin = performance.now();
  const done = (from: Installed['from'], layerKey: string | null, notice: string | null): Installed => {
    const durationMs = performance.now() - begin;
    const result = notice === null ? from : 'failed';
    metrics.dependenciesInstalled(manager.name, result, durationMs / 1000);
    return { name, from, durationMs, layerKey, notice };
  };
  try {
    const key = await keyOf(house, request, project, manager);
    const from = await layerFor(house, { ...request, project, manager, key }, name);
    return done(from, from === 'none' ? null : key, null);
  } catch (error) {
    request.signal.throwIfAborted();
    const known = toGantryError(error, 'WORKSPACE_FAILED');
    const result = done('none', null, known.message);
    if (request.required === true || known.code !== 'WORKSPACE_FAILED') throw known;
    warn(request, known.message);
    return result;
  }
}

async function keyOf(
  house: House,
  { tenant, trust, layers }: InstallRequest,
  project: Project,
  manager: Installer,
): Promise<string> {
  const versions = await house.versions(manager);
  if (versions === undefined) {
    throw new GantryError(
      'WORKSPACE_FAILED',
      `${manager.program} is not installed on this machine, which ${inert(projectName(project))} needs. Install it where sandboxes see it, such as /usr/bin or /usr/local/bin.`,
    );
  }
  const recipe = JSON.stringify([manager.install, manager.env, manager.keeps]);
  const registry = house.parts.registries.key(manager);
  return snapshotKey({ project, versions, registry, recipe, tenant, trust, layers });
}

/** One install of a key at a time; who comes second takes what the first has saved. */
async function layerFor(house: House, job: InstallJob, name: string): Promise<Installed['from']> {
  const flight = JSON.stringify([job.tenant, job.key]);
  for (;;) {
    if (await house.parts.sandboxes.layers.has(job.tenant, job.key)) return 'snapshot';
    const running = house.flights.get(flight);
    if (!running) break;
    await running.catch(() => undefined);
    job.signal.throwIfAborted();
  }
  const failure = house.failures.get(flight);
  if (failure && failure.until > Date.now()) throw failure.error;
  house.failures.delete(flight);
  job.onEvent({ type: 'progress', data: { phase: 'dependencies', message: `Installing ${name}` } });
  const install = installProject(house.parts, job);
  house.flights.set(flight, install);
  try {
    return (await install) ? 'install' : 'none';
  } catch (error) {
    const known = toGantryError(error, 'WORKSPACE_FAILED');
    if (house.failures.size >= mostSurveys) house.failures.clear();
    if (!job.signal.aborted && known.code === 'WORKSPACE_FAILED')
      house.failures.set(flight, { error: known, until: Date.now() + failureMs });
    throw error;
  } finally {
    house.flights.delete(flight);
  }
}

function useOf({ project, manager }: { project: Project; manager: Installer }) {
  return manager.use(
    project.directory === '' ? workspaceDirectory : `${workspaceDirectory}/${project.directory}`,
  );
}

function warn({ onEvent }: InstallRequest, message: string): void {
  onEvent({ type: 'log', data: { level: 'warn', message } });
}
