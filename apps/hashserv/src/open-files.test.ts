import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parseOpenFiles, warnOfOpenFiles } from "./open-files.ts";

const limits = (files: string) =>
  `Limit                     Soft Limit           Hard Limit           Units
Max processes             95234                95234                processes
Max open files            ${files.padEnd(20)} 1048576              files
Max locked memory         8388608              8388608              bytes
`;

it.each([
  ["64", 64],
  ["1048576", 1_048_576],
  ["unlimited", undefined],
])("of /proc/self/limits the soft limit of open files is read: %s", (text, files) => {
  expect(parseOpenFiles(limits(text))).toBe(files);
});

it.each([
  ["too few files for the connections", "64", 10, 1],
  ["enough", "1024", 500, 0],
  ["no end of them", "unlimited", 500, 0],
])("a server with %s says so, or nothing", (_what, files, connections, warnings) => {
  const said: string[] = [];
  warnOfOpenFiles(connections, (level, text) => said.push(`${level}: ${text}`), limits(files));
  expect(said.length).toBe(warnings);
  if (warnings > 0)
    expect(said[0]).toMatch(/^WARNING: the system lets this server have 64 files open, too few for 10 /);
});

const program = fileURLToPath(new URL("../bin/depid-hashserv.js", import.meta.url));

/** The program as it is built: with what runs it from its sources more files are open before it begins. */
it("too few files even for the program are told in one line", () => {
  const command = `ulimit -n 22; exec "${process.execPath}" "${program}" --bind 127.0.0.1:0`;
  const { status, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  expect(stderr).toBe(
    "depid-hashserv: too few files may be open at a time to start: raise the limit (ulimit -n, LimitNOFILE=)\n",
  );
  expect(status).toBe(1);
});
