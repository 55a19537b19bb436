import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Shim } from '../egress/shim.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { installers } from './catalogue.ts';
import { detectEnvironment } from './detect.ts';
import { runOwnScript } from './own-script.ts';
import type { Environment } from './project.ts';

const source = readFileSync(new URL('survey.cjs', import.meta.url), 'utf8');
const mostPaths = 5000;
const names = JSON.stringify([...new Set(installers.flatMap(({ manifests }) => manifests))]);

/** Finds out what the repository in a sandbox asks for, before anything of it has run. */
export async function surveyEnvironment(
  sandbox: Sandbox,
  shim: Shim,
  signal: AbortSignal,
): Promise<Environment> {
  const paths = z.array(z.string()).parse(
    await runOwnScript(sandbox, shim, {
      source,
      args: [names, String(mostPaths)],
      readOnly: true,
      subject: 'what the repository asks to be installed',
      signal,
    }),
  );
  const read = async (path: string, maxBytes: number): Promise<Uint8Array | undefined> => {
    const part = await sandbox.read(path, { offset: 0, bytes: maxBytes });
    return part && part.size <= maxBytes ? part.content : undefined;
  };
  return detectEnvironment({ paths: paths.filter(isPlain), read });
}

/** What can't be named to a sandbox can't be read either. */
function isPlain(path: string): boolean {
  return !/[\u0000-\u001f\u007f\ufffd]/.test(path);
}
