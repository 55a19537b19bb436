export const forgeNames = ['github', 'gitlab', 'git'] as const;
