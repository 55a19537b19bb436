import { existsSync } from 'node:fs';
import { compare, satisfies } from 'semver';
import type { ExecResult, SandboxDriver, SandboxMount } from '../../resources/ports/sandbox.ts';
import { runLimits, type ExecutionLimits } from './limits.ts';
import type { Language, Toolchain } from './languages/language.ts';

const MiB = 1_048_576;

/** Enough for a JVM to say its version. */
const probeLimits: Partial<ExecutionLimits> = {
  wallMs: 10_000,
  memoryBytes: 512 * MiB,
  processes: 128,
  outputBytes: 64 * 1024,
};

const atOnce = 4;

/** Each argument is a shell pattern; prints pattern, path and real path of what there is. */
const listing =
  'for pattern; do for path in $pattern; do [ -x "$path" ] && printf "%s\\0%s\\0%s\\0" "$pattern" "$path" "$(readlink -f "$path")"; done; done; exit 0';

interface Candidate {
  readonly language: Language;
  readonly program: string;
  readonly mounts: readonly SandboxMount[];
}

/**
 * Finds out which languages and versions sandboxes offer, by starting each interpreter and compiler in one. `tools` are
 * directories that the host adds to what every sandbox shows. Newest version first. Throws what the driver throws.
 */
export async function discover(
  sandboxes: SandboxDriver,
  languages: readonly Language[],
  tools: readonly SandboxMount[],
): Promise<Toolchain[]> {
  const candidates = await findCandidates(sandboxes, languages, tools);
  const found: Toolchain[] = [];
  const queue = candidates.values();
  const probe = async () => {
    for (const candidate of queue) {
      const version = await tellVersion(sandboxes, candidate);
      if (version) found.push({ ...candidate, ...version });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, probe));
  const order = (one: Toolchain) => languages.indexOf(one.language);
  return found
    .toSorted((one, other) => order(one) - order(other) || compare(other.version, one.version))
    .filter(
      (one, index, all) =>
        index === 0 || all[index - 1]?.language !== one.language || all[index - 1]?.version !== one.version,
    );
}

async function findCandidates(
  sandboxes: SandboxDriver,
  languages: readonly Language[],
  tools: readonly SandboxMount[],
): Promise<Candidate[]> {
  const patterns = [...new Set(languages.flatMap((language) => language.programs))];
  const { output } = await runOnce(sandboxes, ['/bin/sh', '-c', listing, 'sh', ...patterns], tools);
  const words = output.split('\0');
  const programs = Map.groupBy(triples(words), ([pattern]) => pattern);
  return languages.flatMap((language) => {
    const paths = language.programs
      .flatMap((pattern) => programs.get(pattern) ?? [])
      .map(([, , real]) => real);
    return [...new Set(paths)].map((program) => ({
      language,
      program,
      mounts: mountsOf(language, program, tools),
    }));
  });
}

function triples(words: readonly string[]): [pattern: string, path: string, real: string][] {
  const found: [string, string, string][] = [];
  for (let at = 0; at + 2 < words.length; at += 3)
    found.push([words[at] ?? '', words[at + 1] ?? '', words[at + 2] ?? '']);
  return found;
}

function mountsOf(language: Language, program: string, tools: readonly SandboxMount[]): SandboxMount[] {
  const own = (language.mounts?.(program) ?? []).filter((directory) => existsSync(directory));
  return [
    ...tools.filter((tool) => program.startsWith(`${tool.target}/`)),
    ...own.map((directory) => ({ source: directory, target: directory })),
  ];
}

async function tellVersion(
  sandboxes: SandboxDriver,
  { language, program, mounts }: Candidate,
): Promise<{ version: string; report: string } | undefined> {
  const { exit, output: report } = await runOnce(
    sandboxes,
    [program, ...language.versionArgs],
    mounts,
    language.reservesAddressSpace,
  );
  const found = language.versionPattern.exec(report)?.[1];
  if (exit.kind !== 'exited' || exit.code !== 0 || found === undefined) return undefined;
  const [major = '0', minor = '0', patch = '0'] = found.split('.');
  const version = `${major}.${minor}.${patch}`;
  return satisfies(version, language.supported ?? '*') ? { version, report } : undefined;
}

async function runOnce(
  sandboxes: SandboxDriver,
  argv: readonly string[],
  mounts: readonly SandboxMount[],
  reservesAddressSpace = false,
): Promise<Pick<ExecResult, 'exit'> & { output: string }> {
  const sandbox = await sandboxes.create({ tenant: 'gantry', limits: runLimits(probeLimits), mounts });
  try {
    const chunks: Uint8Array[] = [];
    const result = await sandbox.exec({
      argv,
      env: { LANG: 'C.UTF-8' },
      reservesAddressSpace,
      onOutput: ({ data }) => chunks.push(data),
    });
    return { exit: result.exit, output: Buffer.concat(chunks).toString() };
  } finally {
    await sandbox.destroy();
  }
}
