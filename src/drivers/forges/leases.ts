import type { CredentialPurpose, GitCredential } from '../../resources/ports/forge.ts';

/** A token that was made for one purpose and ends by itself. */
export interface Issued {
  readonly token: string;
  readonly expiresAt: Date;
  /** Ends it at the forge; fine when it has ended already. */
  end(): Promise<void>;
}

/** Tokens by purpose, in memory only: one is shared by all who hold it, renewed before it ends, and ended by the last. */
export interface Leases {
  /** For a request: nobody's to hold. */
  token(purpose: CredentialPurpose): Promise<string>;
  lease(purpose: CredentialPurpose, username: string): Promise<GitCredential>;
  /** Gives it out no more. */
  forget(token: string): Promise<void>;
  /** Ends what nobody holds; what can't be ended now ends by itself. */
  close(): Promise<void>;
}

/* A token that ends while git still sends is of no use. */
const spareMs = 10 * 60_000;

export function createLeases(issue: (purpose: CredentialPurpose) => Promise<Issued>): Leases {
  const issued = new Map<CredentialPurpose, Promise<Issued>>();
  const holders = new Map<string, number>();

  async function current(purpose: CredentialPurpose): Promise<Issued> {
    const pending = issued.get(purpose);
    const kept = await pending?.catch(() => undefined);
    if (kept && kept.expiresAt.getTime() - Date.now() > spareMs) return kept;
    // Others may have asked for a new one meanwhile.
    const latest = issued.get(purpose);
    if (latest && latest !== pending) return latest;
    const fresh = issue(purpose);
    issued.set(purpose, fresh);
    fresh.catch(() => issued.get(purpose) === fresh && issued.delete(purpose));
    return fresh;
  }
  async function forget(token: string): Promise<void> {
    for (const [purpose, each] of issued) {
      const known = await each.catch(() => undefined);
      if (known?.token === token && issued.get(purpose) === each) issued.delete(purpose);
    }
  }
  return {
    token: async (purpose) => (await current(purpose)).token,
    forget,
    close: async () => {
      const all = await Promise.allSettled(issued.values());
      const idle = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const unheld = idle.filter(({ token }) => !holders.has(token));
      await Promise.all(unheld.map(({ token }) => forget(token)));
      await Promise.allSettled(unheld.map(({ end }) => end()));
    },
    lease: async (purpose, username) => {
      const { token, expiresAt, end } = await current(purpose);
      holders.set(token, (holders.get(token) ?? 0) + 1);
      let held = true;
      const revoke = async () => {
        if (!held) return;
        held = false;
        const left = (holders.get(token) ?? 1) - 1;
        holders.set(token, left);
        if (left > 0) return;
        holders.delete(token);
        await forget(token);
        await end();
      };
      return { username, password: token, expiresAt, revoke };
    },
  };
}
