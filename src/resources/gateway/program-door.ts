import { newToken } from '../../base/ids.ts';
import type { Egress } from '../egress/egress.ts';
import { modelVariables, type Shim } from '../egress/shim.ts';
import type { ExecRequest } from '../ports/sandbox.ts';
import { createProgramEndpoint, type ProgramEndpointOptions } from './program-endpoint.ts';

export interface ProgramDoorOptions extends Omit<ProgramEndpointOptions, 'token'> {
  readonly egress: Pick<Egress, 'open'>;
  readonly shim: Pick<Shim, 'wrap'>;
}

/** The way of one run's programs to its models, and to nothing else. */
export interface ProgramDoor {
  /** The same program, with `OPENAI_BASE_URL` and `OPENAI_API_KEY` set to what leads through the door. */
  wrap(request: ExecRequest): ExecRequest;
  /** The token is worth nothing from now on. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens a door for a run's programs. It closes with `signal` as well, but only `close` takes its socket away. */
export async function openProgramDoor({
  egress,
  shim,
  signal,
  ...options
}: ProgramDoorOptions): Promise<ProgramDoor> {
  const token = newToken();
  const closed = new AbortController();
  const door = await egress.open({
    allow: [],
    // Nothing is on the list, so there is nothing to tell but refusals that nobody asked about.
    onDecision: () => undefined,
    programs: createProgramEndpoint({ ...options, token, signal: AbortSignal.any([signal, closed.signal]) }),
  });
  return {
    wrap: (request) =>
      shim.wrap({ ...request, env: { ...modelVariables(token), ...request.env } }, door.socketPath),
    close: async () => {
      closed.abort();
      await door.close();
    },
  };
}
