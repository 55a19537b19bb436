import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const maxBytes = 32 * 1024 * 1024;

/** Where a server and its workers write what they do, one JSON object a line; the file before it ends in `.1`. */
export function logPath(dataDir: string): string {
  return join(dataDir, 'logs', 'gantry.log');
}

/**
 * The log file, readable by this account only, which begins anew at 32 MiB. Null where the directory takes no file. A line
 * that can't be written (full disk) is lost, and what it tells about goes on.
 */
export function openLogFile(dataDir: string): { write(line: string): void } | null {
  const path = logPath(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
    let file = openSync(path, 'a', 0o600);
    let bytes = fstatSync(file).size;
    return {
      write(line) {
        try {
          if (bytes > maxBytes) {
            renameSync(path, `${path}.1`);
            closeSync(file);
            file = openSync(path, 'a', 0o600);
            bytes = 0;
          }
          bytes += writeSync(file, line);
        } catch {
          bytes += 0;
        }
      },
    };
  } catch {
    return null;
  }
}
