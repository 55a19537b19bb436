import { relative } from 'node:path';
import type { run } from 'node:test';
import { inspect } from 'node:util';

type TestsStream = ReturnType<typeof run>;

export interface Report {
  /** Prints a line per finished file, and each failure with its details as it comes. */
  follow(stream: TestsStream, files: number): Promise<void>;
  /** Counts something as failed that is no test of a file. */
  fail(what: string): void;
  /** Prints the skips and the closing line; true when something ran and nothing failed. */
  close(): boolean;
}

// The message of an assertion already shows what differs.
const shown = { maxArrayLength: 10, maxStringLength: 2000, depth: 3 };

interface Outcome {
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: { readonly type?: string | undefined; readonly error?: Error };
}

/** The report of `./gantry test`, for people and for scripts that read its last line. */
export function createReport(out: NodeJS.WritableStream, root: string): Report {
  let passed = 0;
  const failures: string[] = [];
  const skips: string[] = [];
  const output = new Map<string, string>();
  const say = (line: string) => out.write(`${line}\n`);
  const place = (test: Outcome) => (test.file ? `${relative(root, test.file)}:${test.line ?? 1}` : '');

  const skipped = (test: Outcome) => {
    const reason = test.skip || test.todo;
    if (reason === undefined || reason === false) return false;
    skips.push(
      `skipped: ${test.name} (${place(test)}): ${reason === true || reason === '' ? 'no reason given' : reason}`,
    );
    return true;
  };
  const onPass = (test: Outcome) => {
    if (test.details.type !== 'suite' && !skipped(test)) passed += 1;
  };
  const onFail = (test: Outcome) => {
    const { error } = test.details;
    const echo = error && 'failureType' in error && error.failureType === 'subtestsFailed';
    if (echo || (test.todo !== undefined && skipped(test))) return;
    failures.push(`${test.name} (${place(test)})`);
    say(`\nFAILED ${failures.at(-1)}\n${indent(inspect(error?.cause ?? error, shown))}`);
    const printed = output.get(test.file ?? '');
    if (printed) say(`  printed by the file until then:\n${indent(printed)}`);
    output.delete(test.file ?? '');
  };
  const onOutput = (data: { file: string; message: string }) => {
    output.set(data.file, `${output.get(data.file) ?? ''}${data.message}`.slice(-8000));
  };

  return {
    follow: async (stream, files) => {
      let done = 0;
      stream.on('test:pass', onPass).on('test:fail', onFail);
      stream.on('test:stderr', onOutput).on('test:stdout', onOutput);
      stream.on('test:summary', ({ file, counts, duration_ms: ms }) => {
        if (file === undefined) return;
        done += 1;
        output.delete(file);
        say(`[${done}/${files}] ${relative(root, file)}: ${counts.tests} tests, ${(ms / 1000).toFixed(1)} s`);
      });
      for await (const event of stream) void event;
    },
    fail: (what) => {
      failures.push(what);
      say(`\nFAILED ${what}`);
    },
    close: () => {
      say('');
      for (const skip of skips) say(skip);
      if (failures.length > 0) say(`\nfailed:\n${indent(failures.join('\n'))}`);
      if (passed + failures.length === 0) say('No test ran.');
      say(`${passed} passed, ${failures.length} failed, ${skips.length} skipped`);
      return passed > 0 && failures.length === 0;
    },
  };
}

function indent(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '  ');
}
