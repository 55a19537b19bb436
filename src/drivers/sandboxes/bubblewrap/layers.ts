import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError, toGantryError } from '../../../base/errors.ts';
import type { SandboxLayer, SandboxLayers } from '../../../resources/ports/sandbox.ts';
import { runCommand } from './command.ts';
import {
  dropLayer,
  erase,
  holdLayer,
  isUsed,
  layerId,
  layerIds,
  readRecord,
  takeAway,
  touch,
  usedAt,
  writeRecord,
  type LayerForm,
  type LayerKind,
  type LayerRecord,
} from './layer-place.ts';
import { isLivingToken, ownToken } from './living.ts';
import type { LayerMounts } from './layer-mounts.ts';

/** Layers that someone uses: where their trees lie, the lowest first. */
export interface HeldLayers {
  readonly trees: readonly string[];
  release(): Promise<void>;
}

/** What `LayerStore.save` gets built, in a directory that it is given. */
export interface BuiltLayer extends Pick<LayerRecord, 'form' | 'root' | 'kind'> {}

export interface LayerStore extends SandboxLayers {
  /** Throws NOT_FOUND when one of them is not there. */
  hold(tenant: string, keys: readonly string[]): Promise<HeldLayers>;
  /** Complete or not at all; what was there first stays, and `build` is then not asked. */
  save(tenant: string, key: string, build: (directory: string) => Promise<BuiltLayer>): Promise<void>;
  close(): Promise<void>;
}

export interface LayerOptions {
  readonly directory: string;
  readonly mounts: LayerMounts;
  /** All layers together. */
  readonly maxBytes: number;
  /** Whether layers of this form can be used on this machine, as it is now. */
  readonly canUse: (form: LayerForm, kind: LayerKind) => Promise<boolean>;
}

/** Time for whoever heard that a layer is there to begin to use it. */
const PROMISED_MS = 60_000;
let made = 0;

interface Store extends LayerOptions {
  /** How often this process uses a layer, by its name. */
  readonly uses: Map<string, number>;
}

export function openLayers(options: LayerOptions): LayerStore {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const store: Store = { ...options, uses: new Map() };
  return {
    has: async (tenant, key) => (await find(store, tenant, key)) !== undefined,
    list: async () => listLayers(store.directory),
    remove: (tenant, key) => remove(store, layerId(tenant, key)),
    hold: (tenant, keys) => hold(store, tenant, keys),
    save: (tenant, key, build) => save(store, tenant, key, build),
    close: () => store.mounts.close(),
  };
}

/** Removes what processes that live no more began and didn't finish. */
export async function clearUnfinished(directory: string): Promise<void> {
  for (const name of names(directory)) {
    const token = /^(?:new|gone)-(.+)-\d+$/.exec(name)?.[1];
    if (token !== undefined && !isLivingToken(token)) await erase(join(directory, name));
  }
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function listLayers(directory: string): SandboxLayer[] {
  return layerIds(directory).flatMap((id) => {
    const at = join(directory, id);
    const record = readRecord(at);
    if (!record) return [];
    return [{ tenant: record.tenant, key: record.key, bytes: record.bytes, usedAt: usedAt(at) }];
  });
}

async function find(store: Store, tenant: string, key: string): Promise<LayerRecord | undefined> {
  const at = join(store.directory, layerId(tenant, key));
  const record = readRecord(at);
  if (!record || !(await store.canUse(record.form, record.kind)) || !touch(at)) return undefined;
  return record;
}

interface Found {
  readonly id: string;
  readonly key: string;
  readonly record: LayerRecord;
}

async function hold(store: Store, tenant: string, keys: readonly string[]): Promise<HeldLayers> {
  const found: Found[] = [];
  const release = async (): Promise<void> => {
    for (const { id } of found.splice(0)) letGo(store, id);
  };
  try {
    for (const key of keys) {
      const record = await find(store, tenant, key);
      const id = layerId(tenant, key);
      if (!record || !take(store, id)) throw missing(key);
      found.push({ id, key, record });
    }
    const lowest = found.findLastIndex(({ record }) => record.kind === 'whole');
    const trees: string[] = [];
    for (const one of found.slice(Math.max(0, lowest))) trees.push(await treeOf(store, one, release));
    return { trees, release };
  } catch (cause) {
    await release();
    throw toGantryError(cause, 'SANDBOX_FAILED');
  }
}

/** One that can't be mounted is of no use to anyone: it goes, so that it is built again. */
async function treeOf(
  store: Store,
  { id, key, record }: Found,
  release: () => Promise<void>,
): Promise<string> {
  const at = join(store.directory, id);
  if (record.form === 'tree') return join(at, 'tree');
  try {
    return join(await store.mounts.mount(id, join(at, 'image')), record.root);
  } catch (cause) {
    await release();
    if (await remove(store, id)) throw missing(key, cause);
    throw cause;
  }
}

function take(store: Store, id: string): boolean {
  if (!holdLayer(join(store.directory, id))) return false;
  store.uses.set(id, (store.uses.get(id) ?? 0) + 1);
  return true;
}

function letGo(store: Store, id: string): void {
  const left = (store.uses.get(id) ?? 1) - 1;
  if (left > 0) {
    store.uses.set(id, left);
    return;
  }
  store.uses.delete(id);
  dropLayer(join(store.directory, id));
  store.mounts.rest(id);
}

async function remove(store: Store, id: string): Promise<boolean> {
  const at = join(store.directory, id);
  if (store.uses.has(id) || !readRecord(at)) return false;
  const removed = await takeAway(at, join(store.directory, temporary('gone')));
  if (removed) await store.mounts.forget(id);
  return removed;
}

async function save(
  store: Store,
  tenant: string,
  key: string,
  build: (directory: string) => Promise<BuiltLayer>,
): Promise<void> {
  const at = join(store.directory, layerId(tenant, key));
  if (touch(at)) return;
  const draft = join(store.directory, temporary('new'));
  mkdirSync(draft, { mode: 0o700 });
  try {
    const built = await build(draft);
    const bytes = await sizeOf(draft, built.form);
    if (bytes > store.maxBytes) throw tooLarge(bytes, store.maxBytes);
    writeRecord(draft, { tenant, key, bytes, ...built });
    await flush(draft, built.form);
    if (!publish(draft, at)) await erase(draft);
  } catch (cause) {
    await erase(draft);
    throw toGantryError(cause, 'SANDBOX_FAILED');
  }
  await clean(store);
}

/** False when another was first. */
function publish(draft: string, at: string): boolean {
  try {
    renameSync(draft, at);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST'))
      return false;
    throw cause;
  }
}

/** Removes those that were not used for longest until the rest fits. */
async function clean(store: Store): Promise<void> {
  const oldestFirst = listLayers(store.directory).toSorted((a, b) => a.usedAt.getTime() - b.usedAt.getTime());
  let bytes = oldestFirst.reduce((sum, layer) => sum + layer.bytes, 0);
  for (const layer of oldestFirst) {
    if (bytes <= store.maxBytes || Date.now() - layer.usedAt.getTime() < PROMISED_MS) return;
    const id = layerId(layer.tenant, layer.key);
    if (!isUsed(join(store.directory, id)) && (await remove(store, id))) bytes -= layer.bytes;
  }
}

/** On disk, in bytes. */
async function sizeOf(draft: string, form: LayerForm): Promise<number> {
  if (form === 'image') return statSync(join(draft, 'image')).blocks * 512;
  const { stdout } = await runCommand('du', ['-s', '-B1', '--', join(draft, 'tree')]);
  return Number.parseInt(stdout, 10) || 0;
}

/** What a power failure leaves must be a layer or none. */
async function flush(draft: string, form: LayerForm): Promise<void> {
  if (form === 'tree') {
    const synced = await runCommand('sync', ['-f', draft]);
    if (synced.code !== 0)
      throw new GantryError('DISK_FULL', `The layer could not be written: ${synced.stderr.trim()}.`);
    return;
  }
  const file = await openFile(join(draft, 'image'), 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function temporary(what: 'new' | 'gone'): string {
  made += 1;
  return `${what}-${ownToken()}-${made}`;
}

function missing(key: string, cause?: unknown): GantryError {
  return new GantryError(
    'NOT_FOUND',
    `The tree ${JSON.stringify(key.slice(0, 100))} is not saved on this machine, or was cleared away; build it again.`,
    { cause },
  );
}

function tooLarge(bytes: number, most: number): GantryError {
  return new GantryError(
    'DISK_FULL',
    `The tree takes ${bytes} bytes, and all that are saved may take ${most}. Raise sandboxStorageMib.`,
  );
}
