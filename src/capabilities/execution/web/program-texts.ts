import { draftOf } from './draft.ts';

/**
 * What there is to a program, as texts to compare: its files by name, and the rest under names that no file of a program
 * can have. Base64 stands in lines, so that a change in it is a few of them.
 */
export function programTexts(program: unknown): Readonly<Record<string, string>> {
  const draft = draftOf(program);
  if (!draft) return {};
  const { language, version, stdin, args, env, limits, compile, mode } = draft;
  const files = draft.files.map(({ name, content, encoding }) => [
    name,
    encoding === 'base64' ? content.replaceAll(/.{76}/g, '$&\n') : content,
  ]);
  return {
    ...Object.fromEntries(files),
    '/dev/stdin': stdin,
    '/settings': JSON.stringify({ language, version, mode, args, env, limits, compile }, null, 2),
  };
}
