import { z } from 'zod';

/** The kinds of settings, as they come from a variable (text) or from `gantry.yaml`. */
export const whole = () => z.coerce.number().int();

export const flag = () =>
  z.union([
    z.boolean(),
    z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1'),
  ]);

export const list = () =>
  z.union([
    z.array(z.string()),
    z.string().transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  ]);
