import { z } from 'zod';
import { prioritySchema } from './run.ts';

export const scheduleSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  capability: z.string(),
  input: z.unknown(),
  cron: z.string(),
  timeZone: z.string(),
  priority: prioritySchema,
  userId: z.string().nullable(),
  enabled: z.boolean(),
  nextAt: z.iso.datetime(),
  lastRunId: z.uuid().nullable(),
});
export type Schedule = z.infer<typeof scheduleSchema>;
