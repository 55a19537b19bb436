import { z } from 'zod';
import { documentSchema, openDocumentSchema } from '../../../contract/document.ts';
import { executionInputSchema } from '../schema.ts';

/** A saved script in a list. */
export const scriptSchema = documentSchema;

/** A saved script with the content of one version. What an older Gantry saved is shown as it is. */
export const openScriptSchema = openDocumentSchema.extend({
  content: z.unknown().describe('The program as `POST /executions` takes it.'),
});

const noteSchema = z.string().max(500).describe('What this version is about.').optional();

export const newScriptSchema = z.strictObject({
  name: z.string().max(200).describe('1 to 120 characters; one owner has one script of a name.'),
  content: executionInputSchema,
  note: noteSchema,
  shared: z.boolean().optional().describe('Let everybody see it who signs in; private unless given.'),
});

export const newVersionSchema = z.strictObject({
  content: executionInputSchema,
  expectedVersion: z
    .int()
    .min(1)
    .max(2_147_483_647)
    .describe('The latest version that you have seen; CONFLICT when another was saved meanwhile.'),
  note: noteSchema,
});

export const versionNumberSchema = z.coerce.number().int().min(1).max(2_147_483_647);
