import { ciDefinitions } from './ci-definitions.ts';
import type { SessionContext, SessionStart } from './session-context.ts';

const mostNamed = 100;

/** Nobody but a person lets a change out that decides what CI runs, also where nothing else is asked. */
export async function mayPublish(
  { ctx }: SessionContext,
  { ciIncludes }: Pick<SessionStart, 'ciIncludes'>,
  paths: readonly string[],
): Promise<{ readonly yes: true } | { readonly yes: false; readonly notice: string }> {
  const files = ciDefinitions(paths, ciIncludes);
  if (files.length === 0) return { yes: true };
  const left = files.length - mostNamed;
  const more = left > 0 ? ` ${left} more of them are not named here: the diff shows them all.` : '';
  const given = await ctx.ask('publish', {
    title: 'Push a change of what CI runs?',
    text: `The commits change files that decide what runs with the credentials of your CI, or who has to agree to a change. Look at them before they are pushed: CI may run them at once.${more}`,
    items: files.slice(0, mostNamed).map((title) => ({ title })),
    subject: { kind: 'publish', value: { reason: 'ci-definitions', files: files.slice(0, mostNamed) } },
    answers: [
      { value: 'push', label: 'Push them', tone: 'go' },
      { value: 'stop', label: 'Keep them here', tone: 'refuse' },
    ],
  });
  if (given?.value === 'push') return { yes: true };
  return {
    yes: false,
    notice: 'The change of what CI runs was not pushed. Its commits are kept with the session.',
  };
}
