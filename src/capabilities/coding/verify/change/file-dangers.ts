import { posix } from 'node:path';
import type { Workspace } from '../../../../resources/workspace/workspace.ts';
import type { Finding } from '../verification.ts';
import type { ChangedFile } from './unified-diff.ts';

export type Danger = Pick<Finding, 'rule' | 'message' | 'severity'>;

const MiB = 1024 ** 2;
const [largeBinary, largestBinary] = [1 * MiB, 5 * MiB];

/** By their first bytes: ELF, Windows, Mach-O in its forms, Java classes, WebAssembly stays out. */
const programs = [/^7f454c46/, /^4d5a/, /^fe?edfac[ef]/, /^c[ef]faedfe/, /^cafebabe/];
const programNames = /\.(exe|dll|so(\.\d+)*|dylib|pyc|pyo|class|o|a|msi|com|scr)$/i;
const keyFiles =
  /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|\.netrc|\.pgpass|\.htpasswd|[^/]+\.(p12|pfx|jks|keystore|kdbx|ppk))$/i;
const settingsFile = /(^|\/)\.env(\.(?!example$|sample$|template$|dist$|defaults$|test$|schema$)[\w-]+)?$/;
const installed =
  /(^|\/)(node_modules|\.venv|venv|__pycache__|\.tox|\.mypy_cache|\.pytest_cache|site-packages)\//;

/** What a changed file is that should not come into a repository, whatever its lines say. */
export async function fileDangers(workspace: Workspace, file: ChangedFile): Promise<Danger[]> {
  const { path, isNew, isDeleted, mode, added } = file;
  if (isDeleted) return [];
  if (mode === '160000')
    return [
      error(
        'submodule',
        'The change adds another repository inside of this one. Take it out; whoever wants a submodule adds it by hand.',
      ),
    ];
  if (mode === '120000') return linkDangers(path, added.map(({ text }) => text).join('\n'));
  const found: Danger[] = [];
  if (isNew && installed.test(path))
    found.push(
      error(
        'installed-files',
        'Installed packages and caches do not belong into the repository. Take the file out, and have .gitignore name its directory.',
      ),
    );
  if (isNew && keyFiles.test(path))
    found.push(error('key-file', 'By its name the file holds keys or passwords. Take it out.'));
  if (isNew && settingsFile.test(path) && added.some(({ text }) => /^\s*(export\s+)?\w+\s*=\s*\S/.test(text)))
    found.push(
      error(
        'settings-file',
        'Files like this hold the credentials of one machine. Take it out, have .gitignore name it, and add an example without values.',
      ),
    );
  if (file.isBinary) found.push(...(await binaryDangers(workspace, path)));
  if (mode === '100755' && !file.isBinary && isNew && added.length > 0 && !added[0]?.text.startsWith('#!'))
    found.push({
      rule: 'executable',
      message: 'The file can be executed, but is no script: its first line names no interpreter.',
      severity: 'warning',
    });
  return found;
}

function linkDangers(path: string, target: string): Danger[] {
  const at = posix.normalize(posix.join(posix.dirname(path), target));
  if (target.startsWith('/') || at === '..' || at.startsWith('../'))
    return [
      error(
        'link-outside',
        'The link leads out of the repository. Let it name a file of the repository, or copy what is needed.',
      ),
    ];
  if (/^(.*\/)?\.git(\/|$)/i.test(at)) return [error('link-outside', 'The link leads into the data of git.')];
  return [];
}

async function binaryDangers(workspace: Workspace, path: string): Promise<Danger[]> {
  const part = await workspace.read(path, { offset: 0, bytes: 8 }).catch(() => undefined);
  const head = Buffer.from(part?.content ?? []).toString('hex');
  if (programs.some((magic) => magic.test(head)) || programNames.test(path))
    return [
      error(
        'program',
        'The file is a compiled program, which nobody can review. Take it out, and build it from its source.',
      ),
    ];
  const size = part?.size ?? 0;
  if (size < largeBinary) return [];
  const message = `The file is binary and has ${(size / MiB).toFixed(1)} MiB, which stays in the history for good. Make it smaller, or keep it elsewhere.`;
  return [{ rule: 'large-binary', message, severity: size > largestBinary ? 'error' : 'warning' }];
}

function error(rule: string, message: string): Danger {
  return { rule, message, severity: 'error' };
}
