/** The spread of one measurement, in the figure's unit. */
export interface Summary {
  readonly n: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

/** One measured thing beside its bare baseline of the same run, and whether it reaches what it should. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly measured: Summary;
  readonly baseline: { readonly name: string; readonly summary: Summary } | null;
  /** What is compared with the target, in words: `1.31x`, `+4.2 ms`, `3.1 / 9.0 ms`. */
  readonly compared: string;
  readonly target: string;
  /** Null for a figure that is only told, not judged. */
  readonly reached: boolean | null;
  readonly note?: string;
}

export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { n: sorted.length, min: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** `measured / baseline` of the medians, with the judgement. */
export function ratio(
  measured: Summary,
  baseline: Summary,
  holds: (times: number) => boolean,
): Pick<Figure, 'compared' | 'reached'> {
  const times = measured.median / baseline.median;
  return { compared: `${times.toFixed(2)}x`, reached: holds(times) };
}

/** One line per figure, aligned, for people. */
export function formatFigures(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    mark(figure.reached),
    figure.name,
    `${spread(figure.measured)} ${figure.unit}`,
    figure.baseline ? `${spread(figure.baseline.summary)} ${figure.unit} ${figure.baseline.name}` : '-',
    figure.compared,
    figure.target,
  ]);
  const head = ['', 'figure', 'min / median / p95 (n)', 'bare', 'compared', 'reach'];
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = figures.filter(({ note }) => note).map(({ name, note }) => `${name}: ${note}`);
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function mark(reached: boolean | null): string {
  if (reached === null) return '';
  return reached ? 'yes' : 'NO';
}

function spread({ min, median, p95, n }: Summary): string {
  const text = (value: number) => value.toFixed(value < 100 ? 2 : 0);
  return `${text(min)} / ${text(median)} / ${text(p95)} (${n})`;
}
