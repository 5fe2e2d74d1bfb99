import type { StorageSize } from "../storage.ts";
import type { Query } from "./reader.ts";

// Not the whole database: it may be shared with other programs. Its write-ahead log is the whole server's.
const SIZE = `SELECT coalesce(sum(pg_total_relation_size(to_regclass(name))), 0)::text
  FROM unnest(ARRAY['unihashes_v3', 'outhashes_v2', 'users', 'config']) AS name`;

/** Bytes of our tables, with their indexes and long values. Rows that were removed count until they are vacuumed. */
export async function measureTables(query: Query): Promise<StorageSize> {
  const [row] = await query(SIZE);
  return { main: Number(row?.[0]), wal: undefined };
}
