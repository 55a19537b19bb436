import type { StepContext } from '../../kernel/context.ts';
import type { SandboxLimits } from '../ports/sandbox.ts';
import type { OpenWorkspace } from './open-workspace.ts';
import type { Workspace } from './workspace.ts';

/**
 * An open workspace as one step sees it: all that it does ends with the step, and is stored as the step's. `begin` is called
 * whenever something is done with it, and what it answers at the end of that.
 */
export function workspaceOf(
  opened: OpenWorkspace,
  step: StepContext,
  limits: SandboxLimits,
  { begin, env }: { readonly begin: () => () => void; readonly env: Readonly<Record<string, string>> },
): Workspace {
  const { sandbox } = opened;
  const using = <T>(work: () => Promise<T>): Promise<T> => work().finally(begin());
  return {
    get state() {
      return opened.state();
    },
    exec: ({ limits: own, signal, ...request }) =>
      using(() =>
        sandbox.exec({
          ...request,
          env: { ...env, ...request.env },
          limits: stricter(limits, own),
          signal: signal ? AbortSignal.any([signal, step.signal]) : step.signal,
        }),
      ),
    read: (path, range) => using(() => sandbox.read(path, range)),
    put: (files) => using(() => sandbox.put(files)),
    remove: (path) => using(() => sandbox.remove(path)),
    diff: (from, maxBytes) => using(() => opened.diff(from, maxBytes, step.signal)),
    commit: (request) => using(() => opened.commit(step, request)),
    strip: (parents) => using(() => opened.strip(step, parents)),
    merge: (ours, theirs) => using(() => opened.merge(step, ours, theirs)),
    checkpoint: (title) => using(() => opened.checkpoint(step.owner, title, step.signal)),
  };
}

/** Disk and files are the sandbox's own; the rest holds for each program. */
function stricter(limits: SandboxLimits, own: Partial<SandboxLimits> = {}): Partial<SandboxLimits> {
  const { diskBytes: _disk, inodes: _inodes, ...program } = { ...limits, ...own };
  return Object.fromEntries(
    Object.entries(program).map(([name, value]) => [
      name,
      Math.min(value, limits[name as keyof SandboxLimits] ?? value),
    ]),
  );
}
