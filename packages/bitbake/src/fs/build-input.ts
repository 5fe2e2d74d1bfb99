import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type BuildConf, readBuildConf } from "../conf/read-build.ts";
import { createConfFiles } from "./build-conf-files.ts";

/** What a user named: a build directory, a TMPDIR, a folder of signature files, or a file. */
export interface BuildInput {
  readonly path: string;
  /** Of a build directory, its configuration. */
  readonly conf: BuildConf | undefined;
}

/** Reads the configuration, once, if there is one. */
export async function openInput(path: string): Promise<BuildInput> {
  const isBuild = await isDirectory(join(path, "conf"));
  const conf = isBuild ? readBuildConf(resolve(path), createConfFiles(), { given: new Map() }) : undefined;
  return { path, conf };
}

/** Whether there is a folder. */
export async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
