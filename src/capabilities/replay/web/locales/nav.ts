/** What lists say of it: loaded with the first page, unlike the rest. */
export const replayNav = { kind: 'Replay' };
