import { z } from 'zod';

/** Every error of the API, as RFC 9457 asks: `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string().describe('Address of the explanation of the code.'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  requestId: z.string().optional(),
});
export type ProblemDetails = z.infer<typeof problemSchema>;

/** A page of a list: `next` goes back as `?cursor=`; null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const pageQuerySchema = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
