import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { warnOfNetwork } from "./network-file-system.ts";

async function warnings(database: string, type?: (path: string) => Promise<number>): Promise<readonly string[]> {
  const lines: string[] = [];
  await warnOfNetwork(database, (level, text) => lines.push(`${level}: ${text}`), type);
  return lines;
}

it.each([
  [0x6969, "NFS"],
  [0xff534d42, "CIFS"],
])("a database on a file system of type %i is warned of: %s", async (type, name) => {
  const asked: string[] = [];
  const found = await warnings("/mnt/x.db", async (path) => {
    asked.push(path);
    return type;
  });
  expect(asked).toEqual(["/mnt"]);
  expect(found).toEqual([
    expect.stringContaining(`WARNING: the database /mnt/x.db is on a network file system (${name})`),
  ]);
});

it("a database on a local disk, or where that cannot be known, is not", async () => {
  expect(await warnings(join(tmpdir(), "x.db"))).toEqual([]);
  expect(await warnings("x.db", async () => 0xef53)).toEqual([]);
  expect(await warnings("x.db", () => Promise.reject(new Error("no such directory")))).toEqual([]);
});
