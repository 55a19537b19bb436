/** How far git has come, as it says itself. */
export interface GitProgress {
  readonly phase: string;
  readonly percent: number;
}

const line = /^(?:remote: )?([A-Z][A-Za-z ]{2,40}):\s+(\d{1,3})%/;

/** What a piece of git's stderr says of progress; the last word of each phase only. */
export function readProgress(text: string): GitProgress[] {
  const found = new Map<string, number>();
  for (const each of text.split(/[\r\n]/)) {
    const [, phase, percent] = line.exec(each) ?? [];
    if (phase !== undefined) found.set(phase, Number(percent));
  }
  return [...found].map(([phase, percent]) => ({ phase, percent }));
}
