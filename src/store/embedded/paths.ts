import { join } from 'node:path';

/** Where the embedded database keeps what, below the data directory. */
export interface Paths {
  readonly dataDir: string;
  readonly home: string;
  readonly cluster: string;
  readonly sockets: string;
  readonly password: string;
  readonly log: string;
}

export function pathsBelow(dataDir: string): Paths {
  const home = join(dataDir, 'postgres');
  return {
    dataDir,
    home,
    cluster: join(home, 'cluster'),
    sockets: join(home, 'run'),
    password: join(home, 'password'),
    log: join(home, 'postgres.log'),
  };
}
