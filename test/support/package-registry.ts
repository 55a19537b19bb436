import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { serveHttp } from './egress.ts';

const run = promisify(execFile);

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** Beside its package.json. */
  readonly files: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** An npm registry and a PyPI index on loopback, in their real protocols. */
export interface PackageRegistry {
  readonly port: number;
  /** Paths that were asked for. */
  readonly requests: string[];
  addNpm(item: NpmPackage): Promise<void>;
  /** A wheel with one module of the package's name. */
  addPython(item: {
    readonly name: string;
    readonly version: string;
    readonly module: string;
  }): Promise<void>;
  /** A lockfile of npm that pins these packages at this registry, and the manifest that goes with it. */
  npmProject(
    names: readonly string[],
    host: string,
  ): { readonly manifest: string; readonly lockfile: string };
  close(): Promise<void>;
}

export async function startPackageRegistry(): Promise<PackageRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'gantry-registry-'));
  const files = new Map<string, { readonly type: string; readonly content: Buffer | string }>();
  const npm = new Map<string, { readonly version: string; readonly integrity: string }>();
  const requests: string[] = [];
  const server = await serveHttp((request, reply) => {
    const path = decodeURIComponent(request.url ?? '');
    requests.push(path);
    const file = files.get(path);
    if (!file) return void reply.writeHead(404).end('{}');
    // A packument names its tarball by the host that it was asked under.
    const content =
      typeof file.content === 'string'
        ? file.content.replaceAll('http://registry', `http://${request.headers.host}`)
        : file.content;
    reply.writeHead(200, { 'content-type': file.type }).end(content);
  });
  return {
    port: server.port,
    requests,
    addNpm: async ({ name, version, files: own, scripts }) => {
      const manifest = { name, version, main: 'index.js', ...(scripts && { scripts }) };
      const content = await tarball(directory, { ...own, 'package.json': JSON.stringify(manifest) });
      const integrity = `sha512-${createHash('sha512').update(content).digest('base64')}`;
      const path = `/npm/${name}/-/${name}-${version}.tgz`;
      const dist = { tarball: `http://registry${path}`, integrity };
      const packument = {
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...manifest, ...(scripts && { hasInstallScript: true }), dist } },
      };
      files.set(path, { type: 'application/octet-stream', content });
      files.set(`/npm/${name}`, { type: 'application/json', content: JSON.stringify(packument) });
      npm.set(name, { version, integrity });
    },
    addPython: async ({ name, version, module }) => {
      const file = `${name}-${version}-py3-none-any.whl`;
      const content = await wheel(directory, name, version, module);
      const sha = createHash('sha256').update(content).digest('hex');
      files.set(`/files/${file}`, { type: 'application/octet-stream', content });
      files.set(`/simple/${name}/`, {
        type: 'text/html',
        content: `<!DOCTYPE html><html><body><a href="/files/${file}#sha256=${sha}">${file}</a></body></html>`,
      });
    },
    npmProject: (names, host) => {
      const dependencies = Object.fromEntries(names.map((name) => [name, npm.get(name)?.version ?? '']));
      const manifest = { name: 'project', version: '1.0.0', dependencies };
      const packages = names.map((name) => {
        const { version = '', integrity = '' } = npm.get(name) ?? {};
        const resolved = `http://${host}/npm/${name}/-/${name}-${version}.tgz`;
        return [`node_modules/${name}`, { version, resolved, integrity, hasInstallScript: true }];
      });
      const lock = {
        name: 'project',
        version: '1.0.0',
        lockfileVersion: 3,
        requires: true,
        packages: { '': manifest, ...Object.fromEntries(packages) },
      };
      return { manifest: JSON.stringify(manifest), lockfile: JSON.stringify(lock) };
    },
    close: async () => {
      await server.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function tarball(directory: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const place = await mkdtemp(join(directory, 'npm-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(place, 'package', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  await run('tar', ['-czf', join(place, 'package.tgz'), '-C', place, 'package']);
  return readFile(join(place, 'package.tgz'));
}

const zip = `
import sys, zipfile, base64, hashlib
path, name, version, module = sys.argv[1:]
info = f'{name}-{version}.dist-info'
files = {
  f'{name}.py': module,
  f'{info}/METADATA': f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n',
  f'{info}/WHEEL': 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n',
}
record = ''.join(f'{n},sha256={base64.urlsafe_b64encode(hashlib.sha256(t.encode()).digest()).decode().rstrip("=")},{len(t)}\\n' for n, t in files.items())
with zipfile.ZipFile(path, 'w') as archive:
  for n, t in {**files, f'{info}/RECORD': record + f'{info}/RECORD,,\\n'}.items(): archive.writestr(n, t)
`;

async function wheel(directory: string, name: string, version: string, module: string): Promise<Buffer> {
  const path = join(await mkdtemp(join(directory, 'wheel-')), 'package.whl');
  await run('python3', ['-c', zip, path, name, version, module]);
  return readFile(path);
}
