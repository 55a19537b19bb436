/** Image types that a page may show as they are. */
export const shownImages = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;
