/** The stops that matter now, for little room: those at work, waiting or failed, else the last one done; and the next. */
export function stopsNow<Stop extends { readonly state: string }>(stops: readonly Stop[]): Stop[] {
  const first = stops.findIndex(({ state }) => isNow(state));
  const last = stops.findLastIndex(({ state }) => isNow(state));
  if (first === -1) {
    const done = stops.findLastIndex(({ state }) => state !== 'idle');
    return stops.slice(Math.max(0, done), Math.max(0, done) + 2);
  }
  return stops.filter((stop, index) => isNow(stop.state) || index === last + 1);
}

const isNow = (state: string) => state === 'active' || state === 'waiting' || state === 'failed';
