import type { StepContext } from '../kernel/context.ts';
import type { Redactor } from '../resources/secrets/redactor.ts';

const gatherMs = 50;
/** So much of one call's output is shown live, in characters. */
const mostShown = 64_000;

/** Hands on what a tool's program writes, as it comes, without secrets. */
export function openToolOutput(
  step: StepContext,
  redactor: Redactor | undefined,
): { readonly write: (text: string) => void; end(): void } {
  const stream = redactor?.stream();
  let gathered = '';
  let shown = 0;
  let timer: NodeJS.Timeout | undefined;
  const passOn = () => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered !== '')
      step.emit({ type: 'output', data: { stream: 'stdout', text: gathered.toWellFormed() } });
    gathered = '';
  };
  const add = (text: string) => {
    if (text === '' || shown >= mostShown) return;
    gathered += text.slice(0, mostShown - shown);
    shown += text.length;
    if (shown >= mostShown) gathered += '\n[more output is not shown]\n';
    timer ??= setTimeout(passOn, gatherMs);
  };
  return {
    write: (text) => add(stream?.push(text) ?? text),
    end() {
      add(stream?.end() ?? '');
      passOn();
    },
  };
}
