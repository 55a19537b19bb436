import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GantryError } from '../../base/errors.ts';
import { planSchema, type Plan } from '../../capabilities/coding/schema.ts';
import { planProblems } from '../../capabilities/coding/plan/check-plan.ts';
import { inputProblems } from '../../contract/problem.ts';

/** The shell knows the user's editor; it is a command that may have arguments. */
const openEditor = '${VISUAL:-${EDITOR:-}} "$1"';
const noEditor = 'test -n "${VISUAL:-${EDITOR:-}}"';

/**
 * Has a plan edited as JSON in the user's editor. INPUT_INVALID when there is no editor, or says every problem of what
 * came back.
 */
export async function editPlan(plan: Plan): Promise<Plan> {
  if ((await shell(noEditor, [])) !== 0) throw invalid('Set EDITOR to the editor that you like.');
  const directory = await mkdtemp(join(tmpdir(), 'gantry-plan-'));
  const file = join(directory, 'plan.json');
  try {
    await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`);
    const exit = await shell(openEditor, [file]);
    if (exit !== 0) throw invalid(`The editor ended with ${exit}; the plan is as it was.`);
    return readPlanText(await readFile(file, 'utf8'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** A plan that somebody wrote as JSON. INPUT_INVALID with every problem. */
export function readPlanText(text: string): Plan {
  const parsed = planSchema.safeParse(parseJson(text));
  if (!parsed.success)
    throw invalid(
      'That is no plan.',
      inputProblems(parsed.error).map(({ path, message }) => `${path}: ${message}`),
    );
  const problems = planProblems(parsed.data);
  if (problems.length > 0) throw invalid("The plan can't be worked on.", problems);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GantryError('INPUT_INVALID', 'The plan is no JSON.', { cause });
  }
}

async function shell(command: string, args: readonly string[]): Promise<number> {
  const child = spawn('sh', ['-c', command, 'sh', ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function invalid(message: string, problems: readonly string[] = []): GantryError {
  const more = problems.map((problem) => `\n  ${problem}`).join('');
  return new GantryError('INPUT_INVALID', `${message}${more}`);
}
