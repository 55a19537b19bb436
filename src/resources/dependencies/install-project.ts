import { GantryError } from '../../base/errors.ts';
import { inert } from '../../base/inert.ts';
import type { EgressDecision } from '../egress/decision.ts';
import type { Egress } from '../egress/egress.ts';
import type { Shim } from '../egress/shim.ts';
import { notListed } from '../egress/gate.ts';
import { createTally } from '../egress/tally.ts';
import type {
  ExecRequest,
  Sandbox,
  SandboxDriver,
  SandboxExit,
  SandboxLimits,
  SandboxMount,
  SandboxTree,
} from '../ports/sandbox.ts';
import type { WorkspaceEvent } from '../workspace/workspace.ts';
import type { Installer } from './installer.ts';
import { projectName, type Project } from './project.ts';
import type { Registries } from './registries.ts';
import { noteFiles, tidy } from './tidy.ts';

const MiB = 1024 ** 2;

/** What an install may take: more than a program, in a sandbox that nothing else runs in. */
export const installLimits: SandboxLimits = {
  wallMs: 15 * 60_000,
  cpuMs: 30 * 60_000,
  memoryBytes: 3072 * MiB,
  processes: 512,
  openFiles: 8192,
  fileBytes: 1024 * MiB,
  diskBytes: 4096 * MiB,
  inodes: 500_000,
  stackBytes: 8 * MiB,
  outputBytes: 8 * MiB,
  cpus: 2,
};

export interface InstallParts {
  readonly sandboxes: SandboxDriver;
  readonly egress: Egress;
  readonly shim: Shim;
  readonly registries: Registries;
  readonly limits: SandboxLimits;
}

export interface InstallJob {
  readonly tenant: string;
  readonly layers: readonly string[];
  readonly mounts?: readonly SandboxMount[];
  readonly disk?: SandboxTree['disk'];
  readonly project: Project;
  readonly manager: Installer;
  readonly key: string;
  readonly onEvent: (event: WorkspaceEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Installs over the checkout in a sandbox of its own and saves what came of it under the key; answers whether anything did.
 * WORKSPACE_FAILED says why it failed, with the end of what was printed; nothing is saved then.
 */
export async function installProject(parts: InstallParts, job: InstallJob): Promise<boolean> {
  const { tenant, layers, project, manager, signal } = job;
  const sandbox = await parts.sandboxes.create({
    tenant,
    limits: parts.limits,
    tree: { layers, disk: job.disk ?? 'storage' },
    ...(job.mounts && { mounts: job.mounts }),
  });
  try {
    await noteFiles(sandbox, parts.shim, signal);
    await runInstall(parts, job, sandbox);
    const { directory } = project;
    const left = await tidy(sandbox, parts.shim, { directory, manager, signal });
    if (left.changed.length > 0) throw changedFiles(job, left.changed, left.more);
    if (left.kept === 0) return false;
    await sandbox.save(job.key);
    return true;
  } finally {
    await sandbox.destroy();
  }
}

/** The operator's mirror may be vouched for by this machine's own authorities, which each tool wants to be told of. */
const authorities = [
  'NODE_EXTRA_CA_CERTS',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_FILE',
  'CARGO_HTTP_CAINFO',
];
const bundle = '/etc/ssl/certs/ca-certificates.crt';
const prelude = `mkdir -p "$HOME" "$TMPDIR" || exit 1
if [ -r ${bundle} ]; then export ${authorities.map((name) => `${name}=${bundle}`).join(' ')}; fi
`;

async function runInstall(parts: InstallParts, job: InstallJob, sandbox: Sandbox): Promise<void> {
  const { project, manager, signal } = job;
  const tally = createTally();
  const door = await parts.egress.open({
    allow: parts.registries.hosts(manager),
    inside: parts.registries.inside,
    onDecision: tally.add,
  });
  const tail = createTail();
  const request: ExecRequest = {
    argv: ['sh', '-c', `${prelude}${manager.install}`, 'install', project.argument ?? ''],
    ...(project.directory !== '' && { cwd: project.directory }),
    env: {
      HOME: '/private/home',
      TMPDIR: '/private/tmp',
      // A look at the repository's state changes none of its files.
      GIT_OPTIONAL_LOCKS: '0',
      ...manager.env,
      ...parts.registries.env(manager),
    },
    privateDirectory: 'install',
    onOutput: ({ data }) => tail.add(data),
    signal,
  };
  try {
    const { exit } = await sandbox.exec(parts.shim.wrap(request, door.socketPath));
    signal.throwIfAborted();
    if (exit.kind !== 'exited' || exit.code !== 0) {
      await door.close();
      throw failed(
        job,
        exit,
        tail.text(),
        tally.decisions().find(({ allowed }) => !allowed),
      );
    }
  } finally {
    await door.close();
    for (const data of tally.decisions()) job.onEvent({ type: 'egress', data });
  }
}

function failed(
  job: InstallJob,
  exit: SandboxExit,
  tail: string,
  refused: EgressDecision | undefined,
): GantryError {
  const how =
    exit.kind === 'limit'
      ? `reached its ${exit.limit} limit`
      : exit.kind === 'exited'
        ? `ended with code ${exit.code}`
        : 'was ended';
  const place = refused && `${refused.host}, port ${refused.port},`;
  const hint = !refused
    ? ''
    : refused.reason === notListed
      ? ` It asked for ${place} which is not a registry that installs may reach; an operator can add it with GANTRY_PACKAGE_HOSTS.`
      : ` It asked for ${place} which could not be reached: ${refused.reason}. An operator can name another registry with GANTRY_PACKAGE_REGISTRIES.`;
  return new GantryError(
    'WORKSPACE_FAILED',
    `Dependencies of ${inert(projectName(job.project))} were not installed: the install ${how}.${hint}${tail === '' ? '' : ` It said: ${tail}`}`,
  );
}

function changedFiles({ project }: InstallJob, changed: readonly string[], more: number): GantryError {
  const names = changed.slice(0, 3).map(inert).join(', ');
  const rest = changed.length - 3 + more;
  return new GantryError(
    'WORKSPACE_FAILED',
    `Dependencies of ${inert(projectName(project))} were not installed: the install changed files of the repository (${names}${rest > 0 ? ` and ${rest} more` : ''}), and only packages may come of it.`,
  );
}

const tailBytes = 4000;
const tailShown = 1200;

/** The end of what is printed. */
function createTail() {
  let kept = Buffer.alloc(0);
  return {
    add: (data: Uint8Array): void => {
      kept = Buffer.concat([kept, data]).subarray(-tailBytes);
    },
    text: (): string =>
      inert(
        kept
          .toString()
          .replace(/\u001b\[[\d;]*[A-Za-z]/g, '')
          .trim()
          .replace(/\s*\n\s*/g, ' | '),
      ).slice(-tailShown),
  };
}
