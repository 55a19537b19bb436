import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { errorTable } from '../src/base/errors.ts';
import { configSchema, variableName } from '../src/config.ts';
import { cliPage } from './cli-page.ts';

/** Defaults that depend on the machine, so that the page is the same wherever it is written. */
const defaultsInWords: Readonly<Record<string, string>> = {
  dataDir: '`/var/lib/gantry` as root, else `~/.local/share/gantry`',
  workerSlots: 'two for each CPU, at least 4',
  sandboxDiskMib: 'a quarter of the memory, at least 512',
};

const note = 'Written by `npm run docs` from the code; a test compares the two.';

interface Field {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Field[];
  readonly items?: Field;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

/** docs/errors.md: one row for each code of the error table. */
export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(([code, row]) => [
    `\`${code}\``,
    row.title,
    String(row.status),
    String(row.exit),
    row.outlook === 'retry' ? 'may pass' : 'final',
  ]);
  return `# Errors

${note}

Every error has one of these codes. Over HTTP it arrives as a problem document (RFC 9457) with the status below; on the
command line the process ends with the exit code below. An error that "may pass" is worth another try later, and a step
with a retry policy gets one; a "final" one comes again until something is changed.

${table(['Code', 'Meaning', 'HTTP status', 'Exit code', 'Outlook'], rows)}

\`gantry exec\` ends with the exit code of the program that it ran, or with 123 when it used up its output, disk or
processes, 124 when it used up its time or CPU time, 137 when it used up its memory, 125 when Gantry itself failed, and
128+n when signal n ended it.
`;
}

/** docs/config.md: one row for each setting of the schema. */
export function configPage(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' });
  const defaults: Readonly<Record<string, unknown>> = configSchema.parse({});
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const field = property as Field;
    return [
      `\`${name}\``,
      `\`${variableName(name)}\``,
      values(field),
      defaultsInWords[name] ?? inWords(defaults[name]),
      field.description ?? '',
    ];
  });
  return `# Configuration

${note}

Settings come from \`gantry.yaml\` beside the launcher (or the file that \`GANTRY_CONFIG\` names), and from environment
variables, which win. For any variable, \`GANTRY_X_FILE\` names a file that holds the value: use it for secrets. Lists are
written with commas in a variable. All mistakes are reported at once, before anything starts. \`gantry config\` prints what
is in force.

${table(['Setting', 'Variable', 'Values', 'Default', 'Meaning'], rows)}
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function values(field: Field): string {
  if (field.anyOf) return values(field.anyOf[0] ?? {});
  if (field.enum) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.type === 'array') return 'list';
  if (field.type === 'boolean') return '`true`, `false`';
  if (field.format === 'uri') return 'URL';
  if (field.type === 'string') return 'text';
  const { minimum, maximum = Number.MAX_SAFE_INTEGER } = field;
  if (minimum === undefined || minimum === Number.MIN_SAFE_INTEGER) return 'whole number';
  return maximum === Number.MAX_SAFE_INTEGER ? `${minimum} or more` : `${minimum} to ${maximum}`;
}

function inWords(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
}

if (import.meta.main) {
  writeFileSync(new URL('errors.md', import.meta.url), errorsPage());
  writeFileSync(new URL('config.md', import.meta.url), configPage());
  writeFileSync(new URL('cli.md', import.meta.url), await cliPage());
}
