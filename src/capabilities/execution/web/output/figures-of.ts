import type { ExecutionOutput } from '../../schema.ts';
import type { RunOutput } from './output-store.ts';

export interface Figure {
  readonly name: 'wall' | 'cpu' | 'memory' | 'output';
  /** Undefined while it is not known. */
  readonly value: number | undefined;
  readonly limit: number;
  /** `1.24` and `10 s`: a dash while it is not known. */
  readonly used: string;
  readonly most: string;
}

const MiB = 1_048_576;
const KiB = 1024;

/** What a program has used of its limits: as recorded once it has ended, as far as it is known before (`now` in ms). */
export function figuresOf(
  result: ExecutionOutput | null,
  live: RunOutput,
  limits: Readonly<Record<string, number>>,
  now: number | undefined,
): readonly Figure[] {
  const { wallMs = 0, cpuMs = 0, memoryBytes = 0, outputBytes = 0 } = limits;
  const elapsed =
    now === undefined || live.startedAt === undefined ? undefined : Math.max(0, now - live.startedAt);
  return [
    figure('wall', result?.wallMs ?? elapsed ?? live.usage?.wallMs, wallMs, seconds, 's'),
    figure('cpu', result?.cpuMs ?? live.usage?.cpuMs, cpuMs, seconds, 's'),
    figure(
      'memory',
      result?.peakMemoryBytes ?? live.usage?.memoryBytes,
      memoryBytes,
      (bytes) => round(bytes / MiB),
      'MiB',
    ),
    figure('output', live.outputBytes, outputBytes, (bytes) => round(bytes / KiB), 'KiB'),
  ];
}

function figure(
  name: Figure['name'],
  value: number | undefined,
  limit: number,
  words: (value: number) => string,
  unit: string,
): Figure {
  return {
    name,
    value,
    limit,
    used: value === undefined ? '–' : words(value),
    most: `${words(limit)} ${unit}`,
  };
}

function seconds(ms: number): string {
  return ms >= 10_000 ? String(Math.round(ms / 1000)) : String(Number((ms / 1000).toFixed(2)));
}

function round(value: number): string {
  if (value >= 10 || Number.isInteger(value)) return String(Math.round(value));
  return value < 0.1 ? value.toFixed(2) : value.toFixed(1);
}
