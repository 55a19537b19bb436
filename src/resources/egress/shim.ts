import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newToken } from '../../base/ids.ts';
import { egressSocket, type ExecRequest, type SandboxMount } from '../ports/sandbox.ts';

const nodeTarget = '/opt/gantry/node';
const shimTarget = '/opt/gantry/shim';
const port = 3128;
const proxyUrl = `http://127.0.0.1:${port}`;
const loopback = 'localhost,127.0.0.1,::1';

/** How a program in a sandbox comes to the proxy. */
export interface Shim {
  /** The request with the proxy of `socketPath` as its only way out, and the variables by which programs find it. */
  wrap(request: ExecRequest, socketPath: string): ExecRequest;
  /** What of Gantry's own Node and scripts has to be mounted for `argv` of `runScript`. */
  readonly mounts: readonly SandboxMount[];
  /** Runs a script of Gantry's own in a sandbox; it reads `source` from its command line. */
  node(source: string, ...args: readonly string[]): readonly string[];
}

/** Puts the shim where sandboxes can read it, once. `nodePath` is the Node that sandboxes may run. */
export async function ensureShim(options: {
  readonly dataDir: string;
  readonly nodePath: string;
}): Promise<Shim> {
  const text = readFileSync(new URL('shim.cjs', import.meta.url), 'utf8');
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const directory = join(options.dataDir, 'runtime', `shim-${name}`);
  await mkdir(directory, { recursive: true });
  const temporary = join(directory, `${newToken(6)}.tmp`);
  await writeFile(temporary, text);
  // Whatever umask Gantry was started under.
  for (const [path, mode] of [
    [temporary, 0o644],
    [directory, 0o755],
    [dirname(directory), 0o755],
  ] as const)
    await chmod(path, mode);
  await rename(temporary, join(directory, 'shim.cjs'));
  const mounts = [
    { source: dirname(options.nodePath), target: nodeTarget },
    { source: directory, target: shimTarget },
  ];
  const node = `${nodeTarget}/node`;
  return {
    mounts,
    node: (source, ...args) => [node, '--no-warnings', '-e', source, ...args],
    wrap: (request, socketPath) => ({
      ...request,
      argv: [node, `${shimTarget}/shim.cjs`, egressSocket, String(port), ...request.argv],
      env: { ...proxyVariables, ...request.env },
      mounts: [...mounts, ...(request.mounts ?? [])],
      egress: socketPath,
      reservesAddressSpace: true,
    }),
  };
}

/** What a program that uses a model needs besides: the token is worth something to this run's proxy only. */
export function modelVariables(token: string): Readonly<Record<string, string>> {
  return { OPENAI_BASE_URL: `${proxyUrl}/v1`, OPENAI_API_KEY: token };
}

const java = ['http', 'https']
  .flatMap((scheme) => [`-D${scheme}.proxyHost=127.0.0.1`, `-D${scheme}.proxyPort=${port}`])
  .concat('-Dhttp.nonProxyHosts=localhost|127.0.0.1')
  .join(' ');

/** Each program looks somewhere else: curl at small letters, Go at both, Node, Yarn, Cargo and Java at names of their own. */
const proxyVariables: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['http_proxy', 'https_proxy', 'all_proxy'].flatMap((name) => [
      [name, proxyUrl],
      [name.toUpperCase(), proxyUrl],
    ]),
  ),
  no_proxy: loopback,
  NO_PROXY: loopback,
  NODE_USE_ENV_PROXY: '1',
  YARN_HTTP_PROXY: proxyUrl,
  YARN_HTTPS_PROXY: proxyUrl,
  CARGO_HTTP_PROXY: proxyUrl,
  JAVA_TOOL_OPTIONS: java,
};
