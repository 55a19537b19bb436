import type { Readiness } from '../contract/instance.ts';
import type { Queryable } from '../store/database.ts';
import type { SandboxCapabilities } from './ports/sandbox.ts';

/** What is ready on this server, for its first page: the database asked now, the sandbox as it was found at the start. */
export async function readReadiness(
  database: Queryable,
  kind: Readiness['database']['kind'],
  sandbox: SandboxCapabilities | null,
): Promise<Readiness> {
  const [row] = await database.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  return {
    database: { kind, version: row?.version ?? 'unknown' },
    sandbox: sandbox && summarise(sandbox),
  };
}

function summarise({ driver, isolation, seccomp, enforcement, gaps }: SandboxCapabilities) {
  const probes = [isolation !== 'none', seccomp, ...Object.values(enforcement).map(isEnforced)];
  return {
    driver,
    passed: probes.filter(Boolean).length,
    probes: probes.length,
    gaps: gaps.map(({ what, remedy }) => ({ what, remedy })),
  };
}

function isEnforced(how: SandboxCapabilities['enforcement']['memory']): boolean {
  return how === 'kernel' || how === 'per-process';
}
