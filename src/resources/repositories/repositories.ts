import type { Repository } from '../../contract/repository.ts';
import type { Forge } from '../ports/forge.ts';

export interface NewRepository {
  /** An address as people paste it: https, ssh, `git@host:path`, `acme/shop` for GitHub, or a path on the server. */
  readonly url: string;
  /** Left out: from the address. */
  readonly name?: string | undefined;
  readonly forge?: Repository['forge'] | undefined;
  /** Kept as a secret of the repository. */
  readonly token?: string | undefined;
  readonly sshKey?: string | undefined;
  /** Lines of a `known_hosts` file, with an ssh key. */
  readonly knownHosts?: string | undefined;
  readonly by: string | null;
}

/** The repositories that runs may use. Nothing else can be cloned by a run. */
export interface Repositories {
  /** Looks at the forge first: what can't be reached or read isn't connected. CONFLICT when the name is taken. */
  connect(request: NewRepository): Promise<Repository>;
  list(): Promise<Repository[]>;
  /** NOT_FOUND says how to connect one. */
  get(name: string): Promise<Repository>;
  /** The one that a forge means by its name, such as `acme/shop`, and the address of its page there. */
  find(forge: Repository['forge'], remote: string, pageUrl: string): Promise<Repository | undefined>;
  /** Looks at the forge again, and keeps what it says. */
  check(name: string): Promise<Repository>;
  /** Tries it first: what doesn't let in is refused, and the one before stays. */
  replaceToken(name: string, token: string, by: string | null): Promise<Repository>;
  /** With its secrets and caches; runs that were made on it stay. */
  remove(name: string): Promise<void>;
  /** The forge behind it, opened with its credential. */
  forge(repository: Pick<Repository, 'name'>): Promise<Forge>;
}
