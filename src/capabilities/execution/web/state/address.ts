/** What the address of the playground names: a run to show, or a script to open. */
export interface PlaygroundAddress {
  readonly run: string | undefined;
  readonly script: string | undefined;
  readonly version: number | undefined;
}

/** Reads the query of the address; what can't be is left out. */
export function addressOf(search: unknown): PlaygroundAddress {
  const { run, script, version } = (search ?? {}) as Readonly<Record<string, unknown>>;
  const number = Number(version);
  return {
    run: typeof run === 'string' && run !== '' ? run : undefined,
    script: typeof script === 'string' && script !== '' ? script : undefined,
    version: Number.isInteger(number) && number > 0 ? number : undefined,
  };
}

/** One text for what an address names. */
export function addressKey({ run, script, version }: Partial<PlaygroundAddress>): string {
  return run === undefined ? `script ${script ?? ''} ${version ?? ''}` : `run ${run}`;
}
