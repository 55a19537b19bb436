import { GantryError } from '../../../base/errors.ts';

/** How much all workspaces in use may hold together; who asks for more than is left waits its turn. */
export interface Budget {
  /**
   * Throws DISK_FULL when nothing is given back for too long, or when it asks for more than there is at all. `onWait` is
   * called when it has to wait.
   */
  take(bytes: number, onWait?: () => void): Promise<void>;
  give(bytes: number): void;
  /** Counts what is really used where that is more than what was taken, until the answer is called. */
  follow(taken: number, used: () => number): () => void;
}

interface Waiter {
  readonly bytes: number;
  readonly go: () => void;
}

const PATIENCE_MS = 300_000;

/** `setting` is the one that an operator can raise. */
export function openBudget(totalBytes: number, setting: string, patienceMs = PATIENCE_MS): Budget {
  const queue: Waiter[] = [];
  let given = 0;
  const followed = new Set<() => number>();
  const used = (): number => given + [...followed].reduce((sum, beyond) => sum + beyond(), 0);

  const serve = (): void => {
    for (let next = queue[0]; next && used() + next.bytes <= totalBytes; next = queue[0]) {
      queue.shift();
      given += next.bytes;
      next.go();
    }
  };
  return {
    take: (bytes, onWait) => {
      if (bytes > totalBytes)
        return Promise.reject(full(totalBytes, setting, 'and this one asks for more than that alone'));
      return new Promise((resolve, reject) => {
        const waiter = {
          bytes,
          go: () => {
            clearTimeout(timer);
            resolve();
          },
        };
        const timer = setTimeout(() => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(full(totalBytes, setting, 'and others have held all of it for minutes'));
          serve();
        }, patienceMs);
        queue.push(waiter);
        serve();
        if (queue.includes(waiter)) onWait?.();
      });
    },
    give: (bytes) => {
      given -= bytes;
      serve();
    },
    follow: (taken, measure) => {
      const beyond = (): number => Math.max(0, measure() - taken);
      followed.add(beyond);
      return () => void followed.delete(beyond);
    },
  };
}

function full(totalBytes: number, setting: string, why: string): GantryError {
  const message = `The workspaces of all sandboxes may take ${totalBytes} bytes together, ${why}. Ask for less, or raise ${setting}.`;
  return new GantryError('DISK_FULL', message);
}
