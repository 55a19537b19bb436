import type { Repository } from '../../contract/repository.ts';
import type { Forge } from '../ports/forge.ts';
import type { Repositories } from './repositories.ts';

/** Opens the forge behind a repository for some work, and closes it after that, whatever came of it. */
export async function withForge<T>(
  repositories: Pick<Repositories, 'forge'>,
  repository: Pick<Repository, 'name'>,
  work: (forge: Forge) => Promise<T>,
): Promise<T> {
  const forge = await repositories.forge(repository);
  try {
    return await work(forge);
  } finally {
    await forge.close();
  }
}
