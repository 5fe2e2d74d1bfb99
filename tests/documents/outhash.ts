import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "@depid/hash";
import { depidWith, type Example } from "./example.ts";

const [ONE, TWO] = ["one", "two"].map((it) => sha256Hex(it));

/** Two texts that differ in each column. */
const BEFORE = `OEOuthashBasic
task=a
-rw- root root 5 ${ONE} ./gone
-rw- root root 5 ${ONE} ./mode
-rw- root root 5 ${ONE} ./owner
-rw- root root 1 5 ${ONE} ./time
-rw- root root 5 ${ONE} ./size
-rw- root root 5 ${ONE} ./hash
-rw- root root 5 ${ONE} ./other
lrwx root root ./link -> a
`;
const AFTER = `OEOuthashBasic
task=b
-rwx root root 5 ${ONE} ./mode
-rw- root user 5 ${ONE} ./owner
-rw- root root 2 5 ${ONE} ./time
-rw- root root 6 ${ONE} ./size
-rw- root root 5 ${TWO} ./hash
-rw-  root root 5 ${ONE} ./other
-rw- root root 5 ${ONE} ./new
lrwx root root ./link -> b
`;

async function put(folder: string, name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

export const OUTHASH: readonly Example[] = [
  depidWith("an output", async (folder) => {
    await put(folder, "file", "text");
    return ["outhash", folder];
  }),
  depidWith("two outputs that differ in each column", async (folder) => [
    "outhash",
    await put(folder, "after", AFTER),
    "--against",
    await put(folder, "before", BEFORE),
  ]),
];
