import { z } from 'zod';

/** The id is looked at later, because one that can't exist is not found rather than invalid. */
export const runParams = z.strictObject({ id: z.string().describe('Id of the run.') });
