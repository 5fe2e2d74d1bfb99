import type { OutHashKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { KnownInTables } from "../decide-pending.ts";
import { bound, prepareText } from "./values.ts";

const [METHOD, TASKHASH, OUTHASH] = [1, 2, 3].map((i) => `CAST(?${i} AS TEXT)`);
const OF_TASK = `method = ${METHOD} AND taskhash = ${TASKHASH}`;
/** As JSON, since the driver would cut text at a NUL. */
const KNOWN = `SELECT json_array(
    (SELECT unihash FROM unihashes_v3 WHERE ${OF_TASK}),
    EXISTS (SELECT 1 FROM outhashes_v2 WHERE ${OF_TASK} AND outhash = ${OUTHASH}),
    EXISTS (SELECT 1 FROM outhashes_v2 WHERE ${OF_TASK}),
    json((SELECT json_array(o.created, u.unihash) FROM outhashes_v2 o
      CROSS JOIN unihashes_v3 u ON u.method = o.method AND u.taskhash = o.taskhash
      WHERE o.method = ${METHOD} AND o.outhash = ${OUTHASH} AND o.taskhash IS NOT ${TASKHASH}
      ORDER BY o.created, o.id LIMIT 1)))`;
type Columns = readonly [
  depid: string | null,
  recorded: 0 | 1,
  anyRecorded: 0 | 1,
  oldest: readonly [created: string | null, depid: string] | null,
];

/** @returns what reads all of it in one statement */
export function prepareKnown(db: DatabaseSyncInstance): (report: OutHashKey) => KnownInTables {
  const find = prepareText(db, KNOWN);
  return ({ method, taskhash, outhash }) => {
    const json = find(bound(method), bound(taskhash), bound(outhash)) as string;
    const [depid, recorded, anyRecorded, oldest] = JSON.parse(json) as Columns;
    return {
      depid: depid ?? undefined,
      recorded: recorded === 1,
      anyRecorded: anyRecorded === 1,
      oldest: oldest === null ? undefined : { created: oldest[0], depid: oldest[1] },
    };
  };
}
