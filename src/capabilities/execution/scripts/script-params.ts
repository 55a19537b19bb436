import { z } from 'zod';

export const tag = 'scripts';
export const scriptParams = z.strictObject({ id: z.string().max(100).describe('Id of the script.') });
