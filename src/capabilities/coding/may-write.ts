import { GantryError } from '../../base/errors.ts';
import type { Forge } from '../../resources/ports/forge.ts';

/** Whether somebody may push to the repository, as the forge says now. Where it doesn't say, nobody is known. */
export async function mayWrite(forge: Pick<Forge, 'permission'>, login: string): Promise<boolean> {
  try {
    return ['write', 'admin'].includes(await forge.permission(login));
  } catch (error) {
    if (error instanceof GantryError && ['FORGE_FORBIDDEN', 'FORGE_UNABLE'].includes(error.code))
      return false;
    throw error;
  }
}
