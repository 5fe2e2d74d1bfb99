import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { measureFiles } from "./size.ts";

it("measures the file and the log beside it, through a link, too, and takes what is not there for nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "depid-size-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [file, link] = [join(folder, "file.db"), join(folder, "link.db")];
  expect(await measureFiles(file)).toEqual({ main: 0, wal: 0 });
  await writeFile(file, "12345");
  await writeFile(`${file}-wal`, "123");
  await symlink(file, link);
  expect(await measureFiles(file)).toEqual({ main: 5, wal: 3 });
  expect(await measureFiles(link)).toEqual({ main: 5, wal: 3 });
});
