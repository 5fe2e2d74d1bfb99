import { open, stat } from "node:fs/promises";
import { TABLE_FORMAT } from "@depid/bitbake";
import { openHashservDatabase, readBuildOutputs, readTextFile, reasonOf } from "@depid/bitbake/fs";
import { parseHashservTable } from "@depid/bitbake/read";
import { openClient } from "@depid/hashserv-client";
import {
  createServerRecords,
  createTableRecords,
  mainMethodOf,
  OUTHASH_METHOD,
  type OutputRecording,
  type OutputRecords,
  parseOutputRecording,
  RecordedOutputs,
  RecordingError,
  rememberRecords,
  WrittenOutputs,
} from "@depid/replay";
import { OptionError } from "./errors.ts";
import { createServerQueries } from "./server-queries.ts";
import type { OutcomeContext, ReadSource, SourceReader } from "./source-reader.ts";

/**
 * `recorded:SOURCE`: outputs as they came out of builds of this history. SOURCE is a hashserv.db, the address of a server, tables of `depid import hashserv`,
 * tables as JSON, or several such files with `+` between; or a repository of buildhistory.
 */
export const readRecorded: SourceReader = async (spec, name, context) => {
  const parts = spec.split("+");
  if (parts.includes("")) throw new OptionError(`${name}: expected recorded:SOURCE, or recorded:SOURCE+SOURCE`);
  const [first = "", ...others] = parts;
  if (others.length === 0 && (await isDirectory(first))) return readBuildhistory(first, name, context);
  const records = rememberRecords(
    others.length === 0 && isAddress(first) && !(await exists(first))
      ? await askServer(first, context)
      : await readTables(parts, name),
  );
  return { create: () => new RecordedOutputs(name, records, context.outhashExtra) };
};

async function readBuildhistory(directory: string, name: string, { history }: OutcomeContext): Promise<ReadSource> {
  const builds = await readBuildOutputs(directory);
  const create = (): WrittenOutputs => new WrittenOutputs(name, builds, history.steps);
  create(); // whether it fits the history is to be known before the replay begins
  return { create };
}

/** A server is asked in the name space of OE-Core's method, as the protocol cannot say which it has. */
async function askServer(address: string, { shutdown }: OutcomeContext): Promise<OutputRecords> {
  const client = await openClient(address, { signal: shutdown.signal });
  shutdown.defer(() => client.close().catch(() => {})); // lost already, if it was interrupted
  await client.ping();
  return createServerRecords(createServerQueries(client, OUTHASH_METHOD));
}

async function readTables(files: readonly string[], name: string): Promise<OutputRecords> {
  const recordings: OutputRecording[] = [];
  for (const file of files) recordings.push(await readRecording(file));
  const [reports, equivalences] = [
    recordings.flatMap((it) => (it.reports === undefined ? [] : [it.reports])),
    recordings.flatMap((it) => (it.equivalences === undefined ? [] : [it.equivalences])),
  ];
  const recording: OutputRecording = {
    ...(reports.length === 0 ? {} : { reports: reports.flat() }),
    ...(equivalences.length === 0 ? {} : { equivalences: equivalences.flat() }),
  };
  const method = mainMethodOf(recording);
  if (method === undefined) throw new RecordingError(name, "expected rows of outputs, found none");
  return createTableRecords(recording, method);
}

async function readRecording(file: string): Promise<OutputRecording> {
  if (await isDatabase(file)) return readDatabase(file);
  const lines = await readTextFile(file);
  if (lines[0]?.includes(`"${TABLE_FORMAT}"`) !== true) return parseOutputRecording(lines.join("\n"), file);
  const table = parseHashservTable(lines, file);
  if (table.name === "outhashes") return { reports: table.rows };
  return { equivalences: table.rows };
}

async function readDatabase(file: string): Promise<OutputRecording> {
  const database = openHashservDatabase(file);
  try {
    return {
      reports: await collect(database.outhashes().rows, ({ method, taskhash, outhash }) => ({
        method,
        taskhash,
        outhash,
      })),
      equivalences: await collect(database.equivalences().rows, ({ method, taskhash, depid }) => ({
        method,
        taskhash,
        depid,
      })),
    };
  } finally {
    database.close();
  }
}

async function collect<Row, Kept>(rows: AsyncIterable<Row>, keep: (row: Row) => Kept): Promise<readonly Kept[]> {
  const kept: Kept[] = [];
  for await (const row of rows) kept.push(keep(row));
  return kept;
}

/** `unix://PATH`, `ws://…`, `tls://…` or `HOST:PORT`. */
function isAddress(text: string): boolean {
  return /^[a-z]+:\/\//.test(text) || /^[^/]*:\d+$/.test(text);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (it) => it.isDirectory(),
    () => false,
  );
}

async function isDatabase(file: string): Promise<boolean> {
  const magic = "SQLite format 3\0";
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0);
      return buffer.toString("latin1", 0, bytesRead) === magic;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new RecordingError(file, `cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
