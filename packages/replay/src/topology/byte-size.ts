const UNITS = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;

/** What is expected of a size, in words. */
export const SIZE_EXPECTED = "a size such as 20 GB or 512 MiB";

/** Reads a size: a number with its unit. @returns bytes; `undefined` for what is none, or 0 */
export function parseByteSize(text: string): number | undefined {
  const [, figure = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([a-zA-Z]+)$/.exec(text) ?? [];
  const bytes = Math.round(Number(figure) * (UNITS[unit as keyof typeof UNITS] ?? 0));
  return bytes > 0 ? bytes : undefined;
}

/** A size for people: `1.2 GB`. */
export function formatByteSize(bytes: number): string {
  const unit = (["TB", "GB", "MB", "kB"] as const).find((it) => bytes >= UNITS[it]) ?? "B";
  const figure = bytes / UNITS[unit];
  return `${unit === "B" || figure >= 99.5 ? Math.round(figure).toLocaleString("en-US") : figure.toPrecision(2)} ${unit}`;
}
