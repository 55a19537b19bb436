/** The part of the configuration that the API needs; named as there. */
export interface ApiSettings {
  /** Address under which people reach the server; none means: whatever the request says. */
  readonly publicUrl?: string | undefined;
  /** Addresses and networks whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[];
  /** Origins of other sites that may call the API, with a key. */
  readonly corsOrigins: readonly string[];
  readonly bodyLimitBytes: number;
  readonly drainSeconds: number;
  /** Asked at each request, because it changes while the server runs. */
  readonly limits: () => RequestLimits;
}

export interface RequestLimits {
  /** Requests per minute of one user or key; 0 turns the limit off. */
  readonly rateLimitPerMinute: number;
  /** Sign-in attempts per minute of one address; 0 turns the limit off. */
  readonly signInLimitPerMinute: number;
  /** Requests per minute of a user who has a limit of their own, with all keys together; null without one. */
  readonly ofUser: (userId: string) => number | null;
}
