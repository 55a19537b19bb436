import { createAsk } from './ask/index.ts';
import { createCoding } from './coding/index.ts';
import type { CreateCapability } from './capability-module.ts';
import { createExecution } from './execution/index.ts';
import { createReplay } from './replay/index.ts';

/** Every capability, one line each. */
export const capabilities: readonly CreateCapability[] = [
  createExecution,
  createAsk,
  createCoding,
  createReplay,
];
