/** The name of the signals, and of the messages to a step, that carry what is typed. */
export const stdinSignal = 'stdin';
