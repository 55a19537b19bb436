import type { SecretUser } from './grants.ts';
import { redactor, type Redactor } from './redactor.ts';
import type { SecretRequest, Secrets } from './secrets.ts';

/**
 * The secrets of one run in one process: what was opened for it, and what takes exactly those values out of what it says.
 * A run that goes on in another process opens them anew there, before it uses them.
 */
export interface RunSecrets extends Redactor {
  /** FORBIDDEN without a grant, NOT_FOUND without a secret. */
  open(name: string, scopes?: SecretRequest['scopes']): Promise<string>;
}

/** Values that are opened later count from then on, also for streams that are made after it. */
export function openRunSecrets(secrets: Pick<Secrets, 'openFor'>, run: SecretUser): RunSecrets {
  const values = new Set<string>();
  let present = redactor(values);
  return {
    open: async (name, scopes) => {
      const value = await secrets.openFor({ run, name, ...(scopes && { scopes }) });
      if (!values.has(value)) present = redactor(values.add(value));
      return value;
    },
    redact: (text) => present.redact(text),
    stream: () => present.stream(),
  };
}
