/** Milliseconds a failed login takes, at least (section 11). */
const FAILED_MS = 1_000;
/** Milliseconds between two failed logins of one address, on the average: 16 a second. */
const BETWEEN_MS = 1_000 / 16;
/** Failed logins of one address that are looked at though they are not answered yet. */
const IN_ADVANCE = 256;

/** A login that may be a guess. */
export interface Guess {
  readonly address: string;
  /** Milliseconds until it may be looked at. */
  readonly waitMs: number;
  /** When it is answered, if it was wrong. */
  readonly due: number;
}

/**
 * When logins are looked at, and when those that fail are answered. A wrong one holds up its own connection, and is answered
 * as late as 16 a second from its address allow, also if the client does not wait for that. A right one is answered at once,
 * unless more guesses of its address are under way than are looked at in advance.
 */
export class Guesses {
  readonly #now: () => number;
  /** When the last guess of an address is answered; in the order of these guesses. */
  readonly #due = new Map<string, number>();

  /** @param now milliseconds of any clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts a login as a wrong one until `right` is called. */
  begin(address: string): Guess {
    this.#forget();
    const now = this.#now();
    const last = Math.max(this.#due.get(address) ?? now, now) + BETWEEN_MS;
    this.#due.delete(address);
    this.#due.set(address, last);
    return { address, waitMs: Math.max(0, last - now - IN_ADVANCE * BETWEEN_MS), due: Math.max(last, now + FAILED_MS) };
  }

  /** It was no guess. */
  right({ address }: Guess): void {
    const due = this.#due.get(address);
    if (due !== undefined) this.#due.set(address, due - BETWEEN_MS);
  }

  /** @returns milliseconds until a wrong one is answered */
  untilAnswer({ due }: Guess): number {
    return Math.max(0, due - this.#now());
  }

  /** Of addresses whose guesses are all answered nothing is kept. */
  #forget(): void {
    const now = this.#now();
    for (const [address, due] of this.#due) {
      if (due > now) return;
      this.#due.delete(address);
    }
  }
}
