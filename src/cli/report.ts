import { CommanderError } from 'commander';
import { errorTable, GantryError, toGantryError } from '../base/errors.ts';
import { inert, inertLines } from '../base/inert.ts';
import { toJson, type Cli } from './cli.ts';

/**
 * Says on stderr, in one or two lines, what went wrong and what to do, and answers the exit code of the error table.
 * Causes and stacks come only with `--debug`; with `--json` the error is one JSON object.
 */
export function report(cli: Cli, thrown: unknown, helpHint: string): number {
  if (thrown instanceof CommanderError) return reportUsage(cli, thrown, helpHint);
  const error = toGantryError(thrown);
  cli.terminal.note(cli.flags.json ? toJson(asJson(error), 0) : asLines(error));
  if (cli.flags.debug) for (const line of causes(error)) cli.terminal.note(inertLines(line));
  return errorTable[error.code].exit;
}

function reportUsage(cli: Cli, thrown: CommanderError, helpHint: string): number {
  if (thrown.exitCode === 0) return 0;
  if (thrown.code === 'commander.help') return errorTable.INPUT_INVALID.exit;
  const message = thrown.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .trim();
  return report(cli, new GantryError('INPUT_INVALID', `${sentence(message)} See ${helpHint}.`), helpHint);
}

function asLines(error: GantryError): string {
  const lines = [`gantry: ${inert(sentence(error.message))}`];
  const told = error.problems.filter((problem) => !error.message.includes(problem.message));
  if (told.length > 0) {
    lines.push(inert(`  ${told.map((problem) => `${problem.path}: ${problem.message}`).join('; ')}`));
  }
  return lines.join('\n');
}

function asJson(error: GantryError) {
  return { error: { code: error.code, message: error.message, problems: error.problems } };
}

function sentence(message: string): string {
  return /[.!?)]$/.test(message) ? message : `${message}.`;
}

/** The stack of the error and of everything that caused it, the outermost first. */
function causes(error: unknown): string[] {
  const stacks: string[] = [];
  for (let at: unknown = error; at !== undefined && stacks.length < 10;) {
    stacks.push(at instanceof Error ? (at.stack ?? at.message) : String(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return stacks;
}
