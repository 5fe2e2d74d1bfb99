/** A whole number for people. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** Seconds to the millisecond, as documents have them. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** A share for people: `26%`, `under 1%`. @param whole more than 0 */
export function formatShare(part: number, whole: number): string {
  const percent = Math.round((100 * part) / whole);
  return percent === 0 && part > 0 ? "under 1%" : `${formatCount(percent)}%`;
}

/** The unit of a column of times. */
export interface TimeUnit {
  readonly name: "s" | "min" | "h";
  /** In seconds. */
  readonly length: number;
  /** A figure in this unit, without its name; `?` for what is not known. @param seconds at least 0 */
  format(seconds: number | undefined): string;
}

/** The unit that fits the greatest of some times: as `formatDuration` of @depid/durations would choose. */
export function chooseUnit(seconds: Iterable<number>): TimeUnit {
  const greatest = Math.max(0, ...seconds);
  if (Math.round(greatest) < 100) return unit("s", 1);
  return Math.round(greatest / 60) < 100 ? unit("min", 60) : unit("h", 3600);
}

function unit(name: TimeUnit["name"], length: number): TimeUnit {
  return {
    name,
    length,
    format(seconds) {
      if (seconds === undefined) return "?";
      const value = seconds / length;
      if (value > 0 && value < 0.05) return "<0.1";
      const decimals = value > 0 && Math.round(value * 10) < 100 ? 1 : 0;
      return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    },
  };
}
