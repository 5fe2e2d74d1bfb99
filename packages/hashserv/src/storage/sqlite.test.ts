import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { describeStorage } from "../testing.ts";
import { openSqliteStorage } from "./sqlite.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterAll(() => rm(directory, { recursive: true }));
const newFile = () => join(directory, `${files++}.db`);

describeStorage("SQLite", async () => {
  const path = newFile();
  return { storage: await openSqliteStorage(path), other: await openSqliteStorage(path) };
});
