/** Gives the time as it is stored in `created`; each call later than the one before. */
export type Clock = () => string;

/**
 * A clock that never gives the same microsecond twice: which of two reports is older must be decidable, and many fit
 * into one millisecond (section 9).
 *
 * @param now microseconds since 1970, UTC
 */
export function createClock(now: () => number = systemMicroseconds): Clock {
  let last = 0;
  return () => {
    last = Math.max(Math.floor(now()), last + 1);
    return formatCreated(last);
  };
}

/** ISO 8601 in UTC with microseconds, which are left out when they are 0 (section 7). */
export function formatCreated(microseconds: number): string {
  const seconds = new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, 19);
  const fraction = microseconds % 1_000_000;
  return `${seconds}${fraction === 0 ? "" : `.${String(fraction).padStart(6, "0")}`}+00:00`;
}

/** Follows the system's clock when that is set, unlike `performance.now()`; the last three digits come from a counter. */
function systemMicroseconds(): number {
  return Date.now() * 1000;
}
