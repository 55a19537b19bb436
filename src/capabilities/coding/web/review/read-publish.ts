import { fields, listOf, text } from '../../read-value.ts';

/** Why a push waits for a person, and the files that it is about. */
export const readPublish = fields<{ reason: string; files: string[] }>({ reason: text, files: listOf(text) });
