import { createInterface } from 'node:readline/promises';
import { GantryError } from '../base/errors.ts';

/** Asks on the terminal before something is lost; `--yes` answers beforehand, and without a terminal it is needed. */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new GantryError('INPUT_INVALID', `${question} Say --yes to do it.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const reply = await lines.question(`${question} [y/N] `);
  lines.close();
  if (!/^y(es)?$/i.test(reply.trim())) throw new GantryError('CONFLICT', 'Nothing was done.');
}
