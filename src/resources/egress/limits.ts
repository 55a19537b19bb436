/** What one use of the proxy may take in all. */
export interface EgressLimits {
  /** Connections and requests at once. */
  readonly connections: number;
  /** Connections and requests from start to end, refused ones included. */
  readonly decisions: number;
  /** Bytes that come in through it. */
  readonly bytesIn: number;
  /** Bytes that go out through it. */
  readonly bytesOut: number;
  /** How long nothing may pass on a connection, in milliseconds. */
  readonly idleMs: number;
  /** How long a client may take to say what it wants, and a server to let itself be connected to, in milliseconds. */
  readonly connectMs: number;
  /** From opening it until it answers no more, in milliseconds. */
  readonly totalMs: number;
}

const MiB = 1024 ** 2;

export const defaultEgressLimits: EgressLimits = {
  connections: 64,
  decisions: 20_000,
  bytesIn: 4096 * MiB,
  bytesOut: 64 * MiB,
  idleMs: 60_000,
  connectMs: 10_000,
  totalMs: 30 * 60_000,
};

/** Headers of one request or answer, in bytes. */
export const headerBytes = 16_384;

/** Counts what passes, over all connections of one use. */
export interface Meter {
  /** Takes another decision and says why it can't be had. The place is to be given back with `leave`. */
  enter(): string | undefined;
  leave(): void;
  /** Counts bytes; says why there may be no more. */
  count(direction: 'in' | 'out', bytes: number): string | undefined;
}

export function createMeter(limits: EgressLimits): Meter {
  let now = 0;
  let all = 0;
  const passed = { in: 0, out: 0 };
  const most = { in: limits.bytesIn, out: limits.bytesOut };
  return {
    enter: () => {
      all += 1;
      now += 1;
      if (all > limits.decisions) return `limit of ${limits.decisions} connections reached`;
      if (now > limits.connections) return `limit of ${limits.connections} connections at once reached`;
      return undefined;
    },
    leave: () => void (now -= 1),
    count: (direction, bytes) => {
      passed[direction] += bytes;
      if (passed[direction] <= most[direction]) return undefined;
      return `limit of ${most[direction]} bytes ${direction} reached`;
    },
  };
}
