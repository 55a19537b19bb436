import type { LimitName } from '../limits-route.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** In which unit people read and write each limit: `scale` of the API's own unit make one of it. */
export const limitUnits: Readonly<Record<LimitName, { readonly unit: string; readonly scale: number }>> = {
  wallMs: { unit: 's', scale: 1000 },
  cpuMs: { unit: 's', scale: 1000 },
  idleMs: { unit: 's', scale: 1000 },
  memoryBytes: { unit: 'MiB', scale: MiB },
  processes: { unit: '', scale: 1 },
  openFiles: { unit: '', scale: 1 },
  fileBytes: { unit: 'MiB', scale: MiB },
  diskBytes: { unit: 'MiB', scale: MiB },
  stackBytes: { unit: 'MiB', scale: MiB },
  outputBytes: { unit: 'KiB', scale: KiB },
};

export const shownLimits: readonly LimitName[] = [
  ...(['wallMs', 'idleMs', 'cpuMs', 'memoryBytes', 'outputBytes', 'processes'] as const),
  ...(['diskBytes', 'fileBytes', 'openFiles', 'stackBytes'] as const),
];

/** `10 s`, `256 MiB`, `64`. */
export function limitWords(name: LimitName, value: number): string {
  const { unit, scale } = limitUnits[name];
  const amount = Number((value / scale).toFixed(3)).toLocaleString('en-US');
  return unit === '' ? amount : `${amount} ${unit}`;
}
