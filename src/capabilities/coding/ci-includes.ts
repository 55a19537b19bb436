import type { Workspace } from '../../resources/workspace/workspace.ts';

const mostRounds = 3;
const mostIncluded = 200;
const mostBytes = 1024 ** 2;
const timeoutMs = 20_000;

const first = ['.gitlab-ci.yml', '.github/workflows', '.forgejo/workflows', '.gitea/workflows'];
/* Of each file a part, whatever it is; links lead nowhere else than the workspace. */
const script = `for at; do [ ! -e "$at" ] || find "$at" -maxdepth 1 -type f -exec head -c 65536 {} \\; -exec echo \\;; done`;

/**
 * Files and directories that what CI runs takes in from the repository itself: `include` of GitLab, `uses: ./` of GitHub.
 * For the base; what a change includes anew stands in a definition that it changes.
 */
export async function readCiIncludes(
  workspace: Pick<Workspace, 'exec'>,
  signal: AbortSignal,
): Promise<string[]> {
  const found = new Set<string>();
  let next: readonly string[] = first;
  for (let round = 0; round < mostRounds && next.length > 0; round += 1) {
    const named = includesIn(await textOf(workspace, next, signal));
    next = named.filter((each) => !found.has(each));
    for (const each of next) if (found.size < mostIncluded) found.add(each);
  }
  return [...found];
}

async function textOf(
  workspace: Pick<Workspace, 'exec'>,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  await workspace.exec({
    argv: ['/bin/sh', '-c', script, 'sh', ...paths.map((each) => `./${each}`)],
    limits: { wallMs: timeoutMs },
    signal,
    onOutput: ({ stream, data }) => {
      if (stream !== 'stdout' || size > mostBytes) return;
      size += data.length;
      pieces.push(data.slice());
    },
  });
  return Buffer.concat(pieces).toString();
}

/** The paths that a definition names, without `./` and `/` before them. */
export function includesIn(text: string): string[] {
  const local = [...text.matchAll(/(?:^|[\s[,:'"-])\.?\/?([\w*][\w./*-]{0,300}\.ya?ml)(?=['"\s,\]}]|$)/gm)];
  const used = [...text.matchAll(/\buses:\s*['"]?\.\/([\w.][\w./-]{0,300})/g)];
  const paths = [...local, ...used].map(([, path = '']) => path.replace(/\/+$/, ''));
  return [...new Set(paths)]
    .filter((path) => path !== '' && !path.split('/').includes('..'))
    .slice(0, mostIncluded);
}
