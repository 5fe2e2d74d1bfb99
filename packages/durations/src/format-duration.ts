const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Seconds for people, two digits or more: `<0.1 s`, `4.3 s`, `41 s`, `6.5 min`, `41 min`, `3.1 h`, `57 h`, `1,204 h`. One decimal
 * below 10, none above; a hundred seconds are minutes, a hundred minutes hours. Zero is `0 s`.
 *
 * @param seconds at least 0
 */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return "0 s";
  if (seconds < 0.05) return "<0.1 s";
  if (Math.round(seconds) < 100) return `${figureOf(seconds)} s`;
  if (Math.round(seconds / MINUTE) < 100) return `${figureOf(seconds / MINUTE)} min`;
  return `${figureOf(seconds / HOUR)} h`;
}

function figureOf(value: number): string {
  const decimals = Math.round(value * 10) < 100 ? 1 : 0;
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
