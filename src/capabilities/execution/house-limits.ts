import type { InstanceSettings } from '../../contract/settings.ts';
import { instanceOnlyDefaults } from '../../contract/settings.ts';
import type { Language } from './languages/language.ts';
import { usualWallMsWithModels } from './limits.ts';
import type { ExecutionInput } from './schema.ts';

/** What the admins let programs have; read at each start, because it changes while Gantry runs. */
export type HouseLimits = Pick<
  InstanceSettings,
  'executionWallMs' | 'executionWallMsMost' | 'executionMemoryBytes' | 'executionMemoryBytesMost'
>;

/** What a request asks for beyond what the admins let programs have. */
export function beyondHouse(
  input: ExecutionInput,
  house: HouseLimits,
): { path: string[]; message: string }[] {
  const { wallMs, memoryBytes } = input.limits ?? {};
  const found = [];
  // An interactive program waits for a person most of its time, and has bounds of its own.
  if (input.interactive !== true && wallMs !== undefined && wallMs > house.executionWallMsMost) {
    found.push({ path: ['limits', 'wallMs'], message: mostHere(house.executionWallMsMost) });
  }
  if (memoryBytes !== undefined && memoryBytes > house.executionMemoryBytesMost) {
    found.push({ path: ['limits', 'memoryBytes'], message: mostHere(house.executionMemoryBytesMost) });
  }
  return found;
}

function mostHere(most: number): string {
  return `must be at most ${most} here; an admin can allow more in the settings`;
}

/**
 * The request with what the admins give a program that names no limit. A language that needs more keeps that, up to the
 * most. What is set as Gantry has it changes nothing, so that the warm pool fits.
 */
export function withHouseLimits(
  input: ExecutionInput,
  language: Language | undefined,
  house: HouseLimits,
): ExecutionInput {
  const { limits = {}, interactive } = input;
  const needs = language?.limits ?? {};
  const wallMs = interactive
    ? undefined
    : given(
        limits.wallMs,
        needs.wallMs,
        input.models ? Math.max(house.executionWallMs, usualWallMsWithModels) : house.executionWallMs,
        house.executionWallMsMost,
        usual.wallMs,
      );
  const memoryBytes = given(
    limits.memoryBytes,
    needs.memoryBytes,
    house.executionMemoryBytes,
    house.executionMemoryBytesMost,
    usual.memoryBytes,
  );
  if (wallMs === undefined && memoryBytes === undefined) return input;
  const more = { ...(wallMs !== undefined && { wallMs }), ...(memoryBytes !== undefined && { memoryBytes }) };
  return { ...input, limits: { ...limits, ...more } };
}

const usual = {
  wallMs: instanceOnlyDefaults.executionWallMs,
  memoryBytes: instanceOnlyDefaults.executionMemoryBytes,
};

/** What is to be written into the request; undefined where it holds without a word. */
function given(
  asked: number | undefined,
  needed: number | undefined,
  house: number,
  most: number,
  standard: number,
): number | undefined {
  if (asked !== undefined) return undefined;
  const value = Math.min(Math.max(needed ?? 0, house), most);
  return value === Math.max(needed ?? 0, standard) ? undefined : value;
}
