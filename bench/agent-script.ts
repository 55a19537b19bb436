import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What an agent does: it looks only, or every second of its commands changes a file, which is kept as a checkpoint. */
export type Work = 'looks' | 'changes';

interface Call {
  readonly tool: 'read' | 'search' | 'run';
  readonly input: Readonly<Record<string, string | number>>;
}

export const files = 400;

/** Where file number `n` of the repository lies. */
export function pathOf(n: number): string {
  return `dir${n % 20}/f${Math.floor(n / 20)}.ts`;
}

/** `count` calls, no two of them alike: a read, a search, and two commands, again and again. */
export function callsOf(work: Work, count: number): Call[] {
  return Array.from({ length: count }, (_, n): Call => {
    const path = pathOf((n * 7) % files);
    if (n % 4 === 0) return { tool: 'read', input: { path } };
    if (n % 4 === 1) return { tool: 'search', input: { pattern: `line ${n} of ${n * 3}:` } };
    if (work === 'changes') return { tool: 'run', input: { command: `echo ${n} >> ${path}` } };
    return { tool: 'run', input: { command: `wc -l ${path}; echo ${n}` } };
  });
}

/** The turns of the scripted model that make these calls, one at each, and then give an answer. */
export function scriptOf(calls: readonly Call[]): unknown {
  const turns = calls.map((call) => ({ calls: [call] }));
  const answer = { tool: 'answer', input: { answer: 'Done.', citations: [{ path: pathOf(0), line: 1 }] } };
  return { turns: [...turns, { calls: [answer] }] };
}

/** The same calls without Gantry, in a working tree: milliseconds of each. */
export async function makeBare(calls: readonly Call[], tree: string, rgPath: string): Promise<number[]> {
  const times: number[] = [];
  for (const { tool, input } of calls) {
    const begun = performance.now();
    if (tool === 'read') await readFile(join(tree, String(input['path'])), 'utf8');
    else if (tool === 'search') await search(String(input['pattern']), tree, rgPath);
    else await run('/bin/sh', ['-c', String(input['command'])], { cwd: tree });
    times.push(performance.now() - begun);
  }
  return times;
}

const run = promisify(execFile);

async function search(pattern: string, tree: string, rgPath: string): Promise<void> {
  const words = ['--no-config', '--hidden', '--glob', '!.git', '--sort', 'path', '--regexp', pattern, '.'];
  await run(rgPath, words, { cwd: tree });
}
