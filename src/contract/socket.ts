/** Why a WebSocket was closed. After `goingAway`, `tooSlow` and `busy` coming back helps. */
export const socketClose = {
  /** All was said. */
  finished: 1000,
  /** The server is stopping. */
  goingAway: 1001,
  /** A frame was larger than 256 KiB. */
  tooLarge: 1009,
  /** A frame was no JSON text. */
  invalid: 4400,
  /** The sign-in or key has ended, or may do less now. */
  signedOut: 4401,
  /** The client took nothing for a minute. */
  tooSlow: 4408,
  /** Too many frames in too short a time. */
  busy: 4429,
  failed: 4500,
} as const;
