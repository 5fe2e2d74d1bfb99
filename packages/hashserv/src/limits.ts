/** What clients may use up. */
export interface Limits {
  /** Connections at a time. Whoever comes too many is told so. */
  readonly connections: number;
  /** Milliseconds until the greeting must be complete. Afterwards a connection may be silent for ever (section 17). */
  readonly greetingMs: number;
  /** Characters of a message; by default 64 Mi in chunks, and 1 Mi over WebSocket as in the reference. */
  readonly messageSize: number | undefined;
  /** Bytes held in memory for all clients; by default 96 MiB, or half as much again as a message may have if that is more. */
  readonly heldBytes: number | undefined;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 10_000,
  greetingMs: 60_000,
  messageSize: undefined,
  heldBytes: undefined,
};

const HELD_BYTES = 96 * 1024 * 1024;

/** Bytes that may be held in memory for all clients. */
export function heldBytesOf({ messageSize = 0, heldBytes }: Pick<Limits, "messageSize" | "heldBytes">): number {
  return heldBytes ?? Math.max(HELD_BYTES, messageSize * 1.5);
}
