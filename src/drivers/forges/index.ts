import type { Forge, ForgeAccess, ForgeKind } from '../../resources/ports/forge.ts';

/** The drivers by kind. Each is loaded at its first use, and what it stands on at its first request. */
const forgeDrivers: Readonly<Record<ForgeKind, (access: ForgeAccess) => Promise<Forge>>> = {
  github: async (access) => (await import('./github/forge.ts')).openGitHubForge(access),
  gitlab: async (access) => (await import('./gitlab/forge.ts')).openGitLabForge(access),
  git: async (access) => (await import('./git/forge.ts')).openGitForge(access),
};

/** Opens one repository at its forge; asks nothing of it yet. INPUT_INVALID when address or credential don't fit the kind. */
export function openForge(kind: ForgeKind, access: ForgeAccess): Promise<Forge> {
  return forgeDrivers[kind](access);
}
