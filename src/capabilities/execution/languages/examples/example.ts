import type { Example } from '../../../../contract/language.ts';

const poem =
  'the fog comes\non little cat feet\nit sits looking\nover harbor and city\non silent haunches\nand then moves on\n';

/** The programs that every language shows, in this order: each is the source of one file named `name`. */
interface Sources {
  /** Writes a line. */
  readonly hello: string;
  /** Counts the words on stdin. */
  readonly stdin: string;
  /** Greets each of its arguments. */
  readonly args: string;
  /** Leaves a table or an image in the output directory. */
  readonly output: string;
  /** Computes something within limits of its own. */
  readonly limit: string;
  /** Asks while it runs, for languages whose prompts come at once. */
  readonly talk?: string;
}

/** The same set of examples for each language, so that nobody has to learn more than the language. */
export function examplesOf(name: string, sources: Sources): readonly Example[] {
  const files = (content: string) => [{ name, content: content.replace(/^\n/, '') }];
  const { hello, stdin, args, output, limit, talk } = sources;
  return [
    { id: 'hello', files: files(hello) },
    { id: 'stdin', files: files(stdin), stdin: poem },
    { id: 'args', files: files(args), args: ['Ada', 'Grace Hopper'] },
    { id: 'output', files: files(output) },
    { id: 'limit', files: files(limit), limits: { wallMs: 5000, cpuMs: 4000 } },
    ...(talk === undefined ? [] : [{ id: 'talk' as const, files: files(talk), interactive: true }]),
  ];
}
