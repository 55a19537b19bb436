import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { GantryError } from '../base/errors.ts';
import type { ConfirmChoice } from '../contract/agent-choices.ts';

/** The text of a file of this machine, or of stdin for `-`. INPUT_INVALID says why it can't be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (cause) {
    const why =
      cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? ': there is no such file' : '';
    const what = path === '-' ? 'stdin' : `"${path}"`;
    throw new GantryError('INPUT_INVALID', `${what} can't be read${why}.`, { cause });
  }
}

/** What `--model` means: `provider/name`, or `scripted:FILE`, whose turns are sent along. */
export function modelOption(model: string | undefined): { model?: string; script?: string } {
  if (model === undefined) return {};
  const file = model.startsWith('scripted:') ? model.slice('scripted:'.length) : '';
  return file === '' ? { model } : { model: `scripted:${basename(file)}`, script: readText(file) };
}

/** A whole number from `least`; INPUT_INVALID names the option. */
export function countOption(text: string, option: string, least: 0 | 1 = 1): number {
  if (/^(0|[1-9]\d*)$/.test(text) && Number(text) >= least) return Number(text);
  throw new GantryError('INPUT_INVALID', `${option} takes a whole number from ${least}, not "${text}".`);
}

/** Which calls of tools `--confirm` asks for. */
export function confirmOption(which: string | true): ConfirmChoice {
  if (which === true || which === 'commands') return 'commands';
  if (which === 'everything' || which === 'nothing') return which;
  throw new GantryError('INPUT_INVALID', `--confirm takes commands or everything, not "${which}".`);
}
