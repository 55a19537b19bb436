import { destination, pino, type Logger as PinoLogger } from 'pino';

export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

/** JSON lines on `stream` (default: stderr), so that stdout stays free for what a command prints. */
export function createLogger(level: string, stream: { write(line: string): void } = destination(2)): Logger {
  return pino(
    { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"`, redact: redactedPaths },
    stream,
  );
}

const redactedPaths = [
  'password',
  'token',
  'secret',
  'key',
  'authorization',
  'cookie',
  '*.password',
  '*.token',
  '*.secret',
  '*.authorization',
  '*.cookie',
];
