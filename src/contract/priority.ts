/** From most to least urgent; the position is the number that PostgreSQL keeps. */
export const priorities = ['critical', 'high', 'normal', 'low', 'background'] as const;
export type Priority = (typeof priorities)[number];
