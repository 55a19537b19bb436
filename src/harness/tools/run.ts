import { z } from 'zod';
import type { Tool } from '../agent.ts';
import { defineTool } from './define-tool.ts';
import { pathProblem, plainPath } from './paths.ts';
import { exitLine, runProgram } from './program.ts';

const usualSeconds = 120;
const mostText = 28_000;

/** Runs a command of the shell in the sandbox, at most `mostSeconds`; without any network. */
export function runTool(mostSeconds = 900): Tool {
  return defineTool({
    name: 'run',
    description: `Run a command with the shell in the repository's directory and read what it writes. There is no network. Every command begins in the repository's directory; files that it changes stay, programs that it leaves running don't. It gets ${usualSeconds} s unless you give more.`,
    effect: 'change',
    input: z.strictObject({
      command: z.string().min(1).max(20_000),
      directory: z
        .string()
        .max(4000)
        .optional()
        .describe('Where to run it; the root of the repository without it.'),
      seconds: z.int().min(1).max(mostSeconds).optional(),
    }),
    title: ({ command }) => `run ${command.split('\n', 1)[0]?.slice(0, 200) ?? ''}`,
    touches: ({ directory }) => (directory === undefined ? [] : [plainPath(directory)]),
    run: async (call, { command, directory = '', seconds = usualSeconds }) => {
      const wrong = directory === '' ? undefined : pathProblem(directory);
      if (wrong !== undefined) return { text: wrong, failed: true };
      const result = await runProgram(call, {
        argv: ['/bin/sh', '-c', command],
        cwd: plainPath(directory),
        wallMs: seconds * 1000,
        most: mostText,
        live: true,
        stderr: true,
      });
      const isGood = result.exit.kind === 'exited' && result.exit.code === 0;
      const text = result.text === '' ? '(no output)' : result.text.replace(/\n$/, '');
      return { text: `${text}\n[${exitLine(result)}]`, failed: !isGood };
    },
  });
}
