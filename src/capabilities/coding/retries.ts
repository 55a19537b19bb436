/** How often a session tries again what failed for a reason that may pass, and how long it waits before, at first. */
export const retries = {
  /** What is asked of the forge or its repository. */
  asking: { attempts: 4, delayMs: 1000 },
  /** What a sandbox does within seconds. */
  files: { attempts: 3, delayMs: 1000 },
  /** Checks and tests: minutes each time. */
  checks: { attempts: 2, delayMs: 1000 },
  /** What others shall see: all the work is done by then, so an outage of some minutes is waited for. */
  publishing: { attempts: 6, delayMs: 2000, maxDelayMs: 60_000 },
  /** A word at an issue or pull request: the session goes on without it. */
  telling: { attempts: 4, delayMs: 2000, maxDelayMs: 30_000 },
} as const;
