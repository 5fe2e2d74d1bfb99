import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Example, Sighting } from "../finding.ts";

/** Counts the rows of a query and keeps the first; columns without a value are left out of them. */
export function see(db: DatabaseSyncInstance, limit: number, sql: string, ...values: string[]): Sighting {
  const examples: Example[] = [];
  let count = 0;
  for (const row of db.prepare(sql).iterate(...values)) {
    if (count < limit) examples.push(exampleOf(row as Readonly<Record<string, unknown>>));
    count += 1;
  }
  return { count, examples };
}

function exampleOf(row: Readonly<Record<string, unknown>>): Example {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === "number" ? value : String(value)]),
  );
}
