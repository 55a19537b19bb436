import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { isLivingToken, ownToken } from './living.ts';

/** How the tree of a layer lies in its directory: as it is, or in the image of a file system. */
export type LayerForm = 'tree' | 'image';

/**
 * `plain` is a tree as it is; `above` holds what an overlay keeps above certain layers; `whole` is a copy of all that was to
 * be seen, so that what lies below it doesn't count.
 */
export type LayerKind = 'plain' | 'above' | 'whole';

/** What is written down of a layer, beside its tree. */
export interface LayerRecord {
  readonly tenant: string;
  readonly key: string;
  readonly bytes: number;
  readonly form: LayerForm;
  /** Where in the image the tree begins. */
  readonly root: string;
  readonly kind: LayerKind;
}

const RECORD = 'layer.json';
const USES = 'uses';

/** A layer's name on disk; who can't say tenant and key can't find it. */
export function layerId(tenant: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([tenant, key]))
    .digest('hex')
    .slice(0, 40);
}

export function layerIds(directory: string): string[] {
  return readdirSync(directory).filter((name) => /^[0-9a-f]{40}$/.test(name));
}

export function readRecord(directory: string): LayerRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, RECORD), 'utf8'));
  } catch {
    return undefined;
  }
}

export function writeRecord(directory: string, record: LayerRecord): void {
  mkdirSync(join(directory, USES), { mode: 0o700 });
  writeFileSync(join(directory, RECORD), JSON.stringify(record), { mode: 0o600, flush: true });
}

export function usedAt(directory: string): Date {
  return statSync(join(directory, RECORD), { throwIfNoEntry: false })?.mtime ?? new Date(0);
}

/** False when the layer is gone. */
export function touch(directory: string): boolean {
  const now = new Date();
  try {
    utimesSync(join(directory, RECORD), now, now);
    return true;
  } catch {
    return false;
  }
}

/** Says to all processes that this one uses it; false when the layer is gone. */
export function holdLayer(directory: string): boolean {
  try {
    writeFileSync(join(directory, USES, ownToken()), '');
    return touch(directory);
  } catch {
    return false;
  }
}

export function dropLayer(directory: string): void {
  rmSync(join(directory, USES, ownToken()), { force: true });
}

/** Uses by processes that died don't count, and are forgotten. */
export function isUsed(directory: string): boolean {
  const uses = join(directory, USES);
  const tokens = existsSync(uses) ? readdirSync(uses) : [];
  for (const token of tokens) if (!isLivingToken(token)) rmSync(join(uses, token), { force: true });
  return tokens.some(isLivingToken);
}

/**
 * Takes a layer out of its place, unless somebody uses it. It is looked at again where nobody can find it any more: who
 * began to use it in between has left word in it, and it goes back.
 */
export async function takeAway(directory: string, trash: string): Promise<boolean> {
  if (isUsed(directory)) return false;
  try {
    renameSync(directory, trash);
  } catch {
    return false;
  }
  if (isUsed(trash)) {
    try {
      renameSync(trash, directory);
    } catch {
      // One of the same name was saved meanwhile; what uses this one has it open.
    }
    return false;
  }
  await erase(trash);
  return true;
}

/** Removes a tree whatever a program has made of it. */
export async function erase(path: string): Promise<void> {
  const removed = await runCommand('rm', ['-rf', '--', path]);
  if (removed.code !== 0)
    await runCommand('sh', ['-c', 'chmod -R u+rwX -- "$1"; rm -rf -- "$1"', 'sh', path]);
}
