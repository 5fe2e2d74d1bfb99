import type { DatabaseFile, UnreadDatabase } from "../database.ts";
import { counted, type Rule } from "../finding.ts";

/** A database that the settings name and that could not be read. */
export const unreadDatabaseRule: Rule<UnreadDatabase> = ({ path, kind, reason, wasBuilt }) =>
  kind === "unreadable"
    ? {
        id: "unreadable-database",
        severity: "error",
        seen: `${path}: ${reason}`,
        count: 1,
        examples: [],
        why: "The server that BitBake starts cannot read it either, and ends: nothing is equivalent, and nothing is reported. What is in it was not looked at.",
        wayOut: [
          "put a backup in its place, or move it away: BitBake begins with an empty one, and nothing but rebuilds is lost",
          "if only you may not read it: run depid doctor as the user who builds",
        ],
      }
    : kind === "old"
      ? {
          id: "old-schema",
          severity: "warning",
          seen: `${path}: ${reason}`,
          count: 1,
          examples: [],
          why: "Today's servers take over what is in unihashes_v2 and leave or drop tables of other names: equivalences in them are lost. Nothing of them was looked at.",
          wayOut: ["back it up, then start today's server on it", "let builds fill a new database"],
        }
      : {
          id: "empty-database",
          severity: wasBuilt ? "warning" : "note",
          seen: `${path}: ${reason}`,
          count: 1,
          examples: [],
          why: `A server makes its tables when it starts, and knows of no equivalence then${wasBuilt ? "; tasks were built here, and what they reported is not there" : ""}.`,
          wayOut: [
            "bring back a backup, if there is one",
            "look at bitbake-getvar --value BB_HASHSERVE_DB_DIR and PERSISTENT_DIR",
          ],
        };

/** What a database file shows by itself. */
export const databaseRules: readonly Rule<DatabaseFile>[] = [
  ({ path, damage = [] }) =>
    damage.length === 0
      ? undefined
      : {
          id: "damaged-database",
          severity: "error",
          seen: `${path} is damaged: quick_check complains`,
          count: damage.length,
          examples: damage.map((complaint) => ({ complaint })),
          why: "Answers may be wrong, and reports may fail.",
          wayOut: [
            "stop the server and put a backup in its place",
            "sqlite3 OLD .recover | sqlite3 NEW saves what can be read",
            "or begin with an empty file: nothing but rebuilds is lost",
          ],
        },
  ({ path, isReadOnly }) =>
    isReadOnly === true
      ? {
          id: "read-only-database",
          severity: "error",
          seen: `${path} may be written by nobody`,
          count: 1,
          examples: [],
          why: "A server on it answers, and fails when a build reports: what is built here becomes equivalent to nothing.",
          wayOut: [`chmod u+w ${path}, and look at its folder and who owns both`],
        }
      : undefined,
  ({ path, network }) =>
    network === undefined
      ? undefined
      : {
          id: "network-file-system",
          severity: "error",
          seen: `${path} is on a network file system (${network})`,
          count: 1,
          examples: [],
          why: "SQLite may lose or corrupt it, and certainly when two machines open it: its write-ahead log needs memory that all users share.",
          wayOut: [
            'move it to a local disk and let the builds ask one server: BB_HASHSERVE = "HOST:PORT"',
            'for "auto": BB_HASHSERVE_DB_DIR = a folder on a local disk',
            "several servers: depid-hashserv with PostgreSQL",
          ],
        },
  ({ path, leftLog }) =>
    leftLog === 0
      ? undefined
      : {
          id: "left-log",
          severity: "note",
          seen: `${path}-wal has ${counted(leftLog, "byte")}, and no process that we can see has the database open`,
          count: 1,
          examples: [],
          why:
            "BitBake's own server leaves it when it ends, so does one that is killed. What was last reported is in that file only: whoever copies or " +
            "moves the database without it loses that.",
          wayOut: [
            "start the server and stop it: it takes the log in",
            `or sqlite3 ${path} 'PRAGMA wal_checkpoint(TRUNCATE)'; never delete the file`,
          ],
        },
  ({ path, isOld }) =>
    isOld
      ? {
          id: "old-schema",
          severity: "warning",
          seen: `${path} has tables of an older server`,
          count: 1,
          examples: [],
          why: "A server of today moves them over when it starts; one of that time cannot read them afterwards.",
          wayOut: ["back it up, then start today's server on it"],
        }
      : undefined,
  ({ path, droppedRows }) =>
    droppedRows === undefined
      ? undefined
      : {
          id: "dropped-table",
          severity: droppedRows === 0 ? "note" : "warning",
          seen: `${path} has the table tasks_v2 of a server before 2020, with ${counted(droppedRows, "row")}`,
          count: 1,
          examples: [],
          why: "A server of today drops the table when it starts, with all equivalences in it: objects under other names than their taskhash are then found by nobody.",
          wayOut: [
            "keep a copy of the file before a server of today opens it: BitBake 1.46 (dunfell) is the last that may read it",
            "depid import hashserv reads it; let builds fill a new database",
          ],
        },
  ({ path, isWal }) =>
    isWal
      ? undefined
      : {
          id: "no-write-ahead-log",
          severity: "note",
          seen: `${path} does not use a write-ahead log`,
          count: 1,
          examples: [],
          why: "While somebody reads it nobody can write. Servers of today switch when they start; no such server has had the file open.",
          wayOut: [`start the server on it, or sqlite3 ${path} 'PRAGMA journal_mode=WAL'`],
        },
];
