import { text } from 'node:stream/consumers';
import { GantryError } from '../base/errors.ts';

const interrupt = '\u0003';
const endOfInput = '\u0004';
const erase = new Set(['\b', '\u007f']);

/**
 * A value that must not stand in an argument list or in the shell's history: all of stdin without its last line end, or,
 * on a terminal, one line typed without echo.
 */
export async function readSecret(prompt: string): Promise<string> {
  const value = process.stdin.isTTY ? await typed(prompt) : (await text(process.stdin)).replace(/\r?\n$/, '');
  if (value === '')
    throw new GantryError('INPUT_INVALID', 'The value is empty. Type it, or give it on stdin.');
  return value;
}

async function typed(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  // Before the prompt: whoever answers it at once is not echoed either.
  stdin.setRawMode(true).setEncoding('utf8');
  stderr.write(prompt);
  let value = '';
  try {
    for await (const keys of stdin.iterator({ destroyOnReturn: false })) {
      for (const key of String(keys)) {
        if (key === '\r' || key === '\n' || key === endOfInput) return value;
        if (key === interrupt) process.kill(process.pid, 'SIGINT');
        else value = erase.has(key) ? value.slice(0, -1) : value + key;
      }
    }
    return value;
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}
