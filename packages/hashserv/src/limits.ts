/** What clients may use up. */
export interface Limits {
  /** Connections at a time. Whoever comes too many is told so. */
  readonly connections: number;
  /** Milliseconds until the greeting must be complete. Afterwards a connection may be silent for ever (section 17). */
  readonly greetingMs: number;
  /** Characters of a message; by default 64 Mi in chunks, and 1 Mi over WebSocket as in the reference. */
  readonly messageSize: number | undefined;
}

export const DEFAULT_LIMITS: Limits = { connections: 10_000, greetingMs: 60_000, messageSize: undefined };
