import { z } from 'zod';
import { runFileSchema, skippedFileSchema } from '../../contract/file.ts';
import { terminalSizeSchema } from '../../contract/terminal.ts';
import { runSchema } from '../../contract/run.ts';
import { clashes, nameProblem } from './file-name.ts';
import { bounds, limitsSchema, outputLimitsSchema, programLimitsSchema, runLimits } from './limits.ts';

const maxFiles = 200;
const maxModels = 5;
const maxArguments = 256;
const maxVariables = 128;
/** Linux takes no argument or variable that is longer; together they must leave room beside the stack. */
const maxArgumentBytes = 131_071;
const maxArgumentsBytes = 524_288;

const text = (what: string) =>
  z
    .string()
    .refine((value) => value.isWellFormed(), 'must be valid Unicode: it holds half of a surrogate pair')
    .describe(what);

/** An argument or variable: the kernel ends it at the first NUL. */
const word = (what: string) =>
  text(what)
    .refine((value) => !value.includes('\0'), 'must not hold a NUL')
    .refine(
      (value) => Buffer.byteLength(value) <= maxArgumentBytes,
      `must be at most ${maxArgumentBytes} bytes long`,
    );

const fileSchema = z
  .strictObject({
    name: z
      .string()
      .superRefine((name, ctx) => {
        const message = nameProblem(name);
        if (message !== undefined) ctx.addIssue({ code: 'custom', message });
      })
      .describe('Path in the workspace, such as `main.py` or `lib/a.py`.'),
    content: text('The file, as text or in base64.'),
    encoding: z.enum(['utf8', 'base64']).optional().describe('How `content` is written; utf8 unless given.'),
  })
  .superRefine((file, ctx) => {
    if (file.encoding === 'base64' && !isBase64(file.content))
      ctx.addIssue({
        code: 'custom',
        path: ['content'],
        message: 'must be base64, with padding and without line breaks',
      });
  });

const wordsSchema = z
  .array(word('One argument.'))
  .max(maxArguments, `must hold at most ${maxArguments} arguments`)
  .refine(
    (words) => totalBytes(words) <= maxArgumentsBytes,
    `must be at most ${maxArgumentsBytes} bytes together`,
  );

const environmentSchema = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and _')
      .max(255),
    word('Value of the variable.'),
  )
  .refine((env) => Object.keys(env).length <= maxVariables, `must hold at most ${maxVariables} variables`)
  .refine(
    (env) => totalBytes(Object.entries(env).flat()) <= maxArgumentsBytes,
    `must be at most ${maxArgumentsBytes} bytes together`,
  );

/** What `POST /executions` takes, and the input of a run of this capability. */
export const executionInputSchema = z
  .strictObject({
    language: text('Name or alias, such as `python`, `js`, `c++`.').min(1).max(50),
    version: text('Version or SemVer range, such as `3.11`, `3.x`, `>=20`; the newest unless given.')
      .max(50)
      .optional(),
    files: z
      .array(fileSchema)
      .min(1, 'must hold a file to run')
      .max(maxFiles, `must hold at most ${maxFiles} files`)
      .describe('The program. The first file is the one that is run, unless `entry` names another.'),
    entry: z.string().optional().describe('Name of the file that is run.'),
    stdin: text('What the program reads on stdin; when it is interactive, what it reads first.').optional(),
    interactive: z
      .boolean()
      .optional()
      .describe(
        'stdin stays open for what is sent while it runs, over a WebSocket or as signals named `stdin`.',
      ),
    terminal: terminalSizeSchema
      .optional()
      .describe('Runs the program on a terminal of this size: what it writes all comes as stdout.'),
    models: z
      .array(z.string().min(1).max(200))
      .min(1, 'must name a model')
      .max(maxModels, `must hold at most ${maxModels} models`)
      .optional()
      .describe(
        'Models that the program may use: `provider/name`, or `default`. It finds `OPENAI_BASE_URL` and `OPENAI_API_KEY`, and reaches nothing else.',
      ),
    script: z.unknown().optional().describe('Turns of the model `scripted`, for demos and tests.'),
    args: wordsSchema.optional().describe('Arguments of the program.'),
    env: environmentSchema.optional().describe('Environment of the program, besides PATH, HOME and LANG.'),
    limits: programLimitsSchema.optional().describe('Limits of the program.'),
    output: outputLimitsSchema
      .optional()
      .describe('What is kept of the files that the program leaves in /output (`GANTRY_OUTPUT`).'),
    compile: z
      .strictObject({
        options: wordsSchema.optional().describe('Options for the compiler, such as `-O0`.'),
        limits: limitsSchema.optional().describe('Limits of the compiler.'),
      })
      .optional()
      .describe('The compile stage, of languages that have one.'),
  })
  .superRefine((input, ctx) => {
    const names = input.files.map((file) => file.name);
    for (const { index, message } of clashes(names))
      ctx.addIssue({ code: 'custom', path: ['files', index, 'name'], message });
    if (input.entry !== undefined && !names.includes(input.entry))
      ctx.addIssue({ code: 'custom', path: ['entry'], message: 'must be the name of one of the files' });
    if (input.script !== undefined && !input.models)
      ctx.addIssue({ code: 'custom', path: ['script'], message: 'needs `models`' });
    if (input.terminal && input.interactive !== true)
      ctx.addIssue({ code: 'custom', path: ['terminal'], message: 'needs `interactive: true`' });
    if (input.interactive !== true && (input.limits?.wallMs ?? 0) > bounds.wallMs.most)
      ctx.addIssue({
        code: 'custom',
        path: ['limits', 'wallMs'],
        message: `must be at most ${bounds.wallMs.most} for a program that is not interactive`,
      });
    if (input.interactive !== true && input.limits?.idleMs !== undefined)
      ctx.addIssue({ code: 'custom', path: ['limits', 'idleMs'], message: 'needs `interactive: true`' });
    const { diskBytes } = runLimits({}, input.limits);
    const bytes = input.files.reduce((sum, file) => sum + fileSize(file), 0);
    if (bytes > diskBytes)
      ctx.addIssue({
        code: 'custom',
        path: ['files'],
        message: `take ${bytes} bytes, more than the diskBytes of ${diskBytes}`,
      });
  });
export type ExecutionInput = z.infer<typeof executionInputSchema>;
type ExecutionFile = z.infer<typeof fileSchema>;

export const outcomes = [
  'ok',
  'failed',
  'timeout',
  'idle_limit',
  'cpu_limit',
  'memory_limit',
  'output_limit',
  'disk_limit',
  'process_limit',
  'signal',
  'compile_failed',
] as const;
export type Outcome = (typeof outcomes)[number];

const stageFields = {
  outcome: z.enum(outcomes).describe('How it ended: which limit was hit, if any.'),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMemoryBytes: z.number(),
  truncated: z.boolean().describe('Output was cut at `outputBytes`.'),
};

const stageSchema = z.object(stageFields);
export type StageResult = z.infer<typeof stageSchema>;

/** What came of the program. The run's `output` events hold the same text in the order in which it was written. */
export const executionOutputSchema = z.object({
  ...stageFields,
  language: z.string(),
  version: z.string().describe('The version that ran.'),
  warm: z.boolean().describe('An interpreter that was started beforehand ran it.'),
  compile: stageSchema.nullable().describe('The compile stage; null for languages without one.'),
  spent: z
    .object({ usd: z.number(), tokens: z.number() })
    .optional()
    .describe('What the models cost that the program asked; where it was given models.'),
  files: z.array(runFileSchema).default([]).describe('What the program left in the output directory.'),
  skipped: z.array(skippedFileSchema).default([]).describe('What of it was not kept, at most 100 of them.'),
  skippedMore: z.int().default(0).describe('How much more was not kept.'),
});
export type ExecutionOutput = z.infer<typeof executionOutputSchema>;

export const executionRunSchema = runSchema.extend({
  input: executionInputSchema,
  output: executionOutputSchema.nullable(),
});

/** The bytes of a file. */
export function fileContent(file: ExecutionFile): Uint8Array {
  return Buffer.from(file.content, file.encoding === 'base64' ? 'base64' : 'utf8');
}

function fileSize(file: ExecutionFile): number {
  return Buffer.byteLength(file.content, file.encoding === 'base64' ? 'base64' : 'utf8');
}

/** Node's decoder skips what isn't base64, so that only writing it again tells. */
function isBase64(value: string): boolean {
  return value.length % 4 === 0 && Buffer.from(value, 'base64').toString('base64') === value;
}

function totalBytes(words: readonly string[]): number {
  return words.reduce((sum, each) => sum + Buffer.byteLength(each) + 1, 0);
}
