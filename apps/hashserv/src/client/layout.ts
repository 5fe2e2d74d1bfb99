import { formatJson, type Json } from "@depid/hashserv-protocol";

/** JSON with keys sorted and four blanks of indentation, ASCII only. */
export function formatSortedJson(value: Json, indent = ""): string {
  if (typeof value !== "object" || value === null) return formatJson(value);
  const deeper = `${indent}    `;
  const wrap = (open: string, parts: readonly string[], close: string) =>
    parts.length === 0 ? open + close : `${open}\n${deeper}${parts.join(`,\n${deeper}`)}\n${indent}${close}`;
  if (Array.isArray(value)) {
    const parts = (value as readonly Json[]).map((part) => formatSortedJson(part, deeper));
    return wrap("[", parts, "]");
  }
  const pairs = Object.entries(value as Readonly<Record<string, Json>>).sort(([one], [two]) => (one < two ? -1 : 1));
  return wrap(
    "{",
    pairs.map(([key, part]) => `${formatJson(key)}: ${formatSortedJson(part, deeper)}`),
    "}",
  );
}

/** What is known of a user, a line each. */
export function formatUser(user: {
  readonly username: string;
  readonly permissions?: readonly string[];
  readonly token?: string;
}): string {
  const lines = [`Username:    ${user.username}`];
  if (user.permissions !== undefined) lines.push(`Permissions: ${user.permissions.join(" ")}`);
  if (user.token !== undefined) lines.push(`Token:       ${user.token}`);
  return lines.join("\n");
}

/** Two columns under their titles. */
export function formatTable(titles: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const line = ([left, right]: readonly [string, string]) => `${left.padEnd(20)}| ${right}`;
  return [line(titles), `${"-".repeat(20)}+${"-".repeat(20)}`, ...rows.map(line)].join("\n");
}

/** Seconds as BitBake's client shows them. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(3)}s`;
}
