import { readdirSync, readFileSync, statSync } from "node:fs";
import { machine } from "node:os";
import { byCodePoint, outsideReason } from "@depid/hash";
import type { ConfFile, ConfFiles } from "../conf/read-build.ts";

/** Configuration files of this machine, each read once. */
export function createConfFiles(): ConfFiles {
  const read = new Map<string, ConfFile>();
  return {
    machine: machine(),
    read(path) {
      let file = read.get(path);
      if (file === undefined) {
        file = readConf(path);
        read.set(path, file);
      }
      return file;
    },
    list(folder) {
      try {
        return readdirSync(folder).sort(byCodePoint);
      } catch {
        return [];
      }
    },
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  };
}

function readConf(path: string): ConfFile {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return { problem: "missing" };
    if (code === "EACCES" || code === "EPERM") return { problem: "we may not read it" };
    return { problem: code === "EISDIR" ? "it is a folder" : outsideReason(error) };
  }
}
