import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { GantryError } from '../../base/errors.ts';

/** A path of the server is a repository only below a directory that the operator allows, links followed. Throws FORBIDDEN. */
export async function checkPath(path: string, allowed: readonly string[]): Promise<void> {
  const place = await realpath(path).catch(() => undefined);
  for (const root of allowed) {
    const real = await realpath(root).catch(() => undefined);
    if (real !== undefined && place !== undefined && (place === real || place.startsWith(`${real}${sep}`)))
      return;
  }
  const message =
    allowed.length === 0
      ? 'Paths of the server are not allowed here. Use an address that git can clone from, or let the operator allow directories with GANTRY_REPOSITORY_PATHS.'
      : 'This path is not below a directory of GANTRY_REPOSITORY_PATHS, or does not exist.';
  throw new GantryError('FORBIDDEN', message, { problems: [{ path: 'url', message: 'is not allowed' }] });
}
