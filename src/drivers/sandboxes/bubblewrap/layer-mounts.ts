import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unmount } from './disk.ts';
import { mountImage } from './image.ts';

/** Layers in images, mounted read-only when they are first used, and for a while after. */
export interface LayerMounts {
  /** Where the image's files are. */
  mount(id: string, image: string): Promise<string>;
  /** Nobody uses it now. */
  rest(id: string): void;
  /** It is gone, or about to go. */
  forget(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Mounted {
  readonly inode: number;
  readonly at: Promise<string>;
}

/** Mounting again costs as much as making a sandbox. */
const IDLE_KEPT = 8;

export function openLayerMounts(directory: string): LayerMounts {
  const mounted = new Map<string, Mounted>();
  const idle = new Set<string>();
  let count = 0;

  const forget = async (id: string): Promise<void> => {
    const old = mounted.get(id);
    idle.delete(id);
    if (!old) return;
    mounted.delete(id);
    const at = await old.at.catch(() => undefined);
    if (at === undefined) return;
    await unmount(at);
    rmdirSync(at);
  };
  return {
    mount: async (id, image) => {
      const inode = statSync(image).ino;
      // Another process may have removed it and saved it anew.
      if (mounted.get(id)?.inode !== inode) await forget(id);
      idle.delete(id);
      const known = mounted.get(id);
      if (known) return known.at;
      count += 1;
      const path = join(directory, String(count));
      mkdirSync(path, { recursive: true, mode: 0o711 });
      const at = mountImage(image, path, { readOnly: true }).then(() => path);
      mounted.set(id, { inode, at });
      at.catch(() => mounted.delete(id));
      return at;
    },
    rest: (id) => {
      if (!mounted.has(id)) return;
      idle.add(id);
      for (const old of [...idle].slice(0, -IDLE_KEPT)) void forget(old).catch(() => undefined);
    },
    forget,
    close: async () => {
      await Promise.all([...mounted.keys()].map(forget));
    },
  };
}
