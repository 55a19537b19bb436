/** What the word counters read. */
export const poem = 'the load hangs on the beam\nthe beam stands on two legs\n';
