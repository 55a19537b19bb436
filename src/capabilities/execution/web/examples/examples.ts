import { compiledExamples } from './compiled.ts';
import { interpretedExamples } from './interpreted.ts';

/** A program to start from. */
export interface Example {
  readonly language: string;
  /** Its title in the catalogue: `examples.words`. */
  readonly title: 'words' | 'colours' | 'ask' | 'files';
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly stdin?: string;
  readonly args?: readonly string[];
  /** Asks while it runs. */
  readonly interactive?: true;
}

/** At least one for each language of the table. */
export const examples: readonly Example[] = [...interpretedExamples, ...compiledExamples];

/** What a new program of this language starts with. */
export function firstExample(language: string): Example | undefined {
  return examples.find((example) => example.language === language);
}
