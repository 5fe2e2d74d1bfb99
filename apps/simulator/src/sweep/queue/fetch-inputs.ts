import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { renameInputs } from "../../replay/input-files.ts";
import type { SampleInputs } from "../run-samples.ts";
import { checkDigest, type InputStore } from "./input-store.ts";
import type { QueuedJob } from "./queued-job.ts";

/** Files of sweeps on this machine: each is fetched once, whatever job names it first. */
export class FetchedInputs {
  readonly #folder: string;
  readonly #store: InputStore;
  readonly #files = new Map<string, Promise<string>>();

  /** @param folder for them, of this process alone */
  constructor(folder: string, store: InputStore) {
    this.#folder = folder;
    this.#store = store;
  }

  /** A job's command with the names of files as they are here. */
  async localize({ file, flags, server, inputs }: QueuedJob): Promise<SampleInputs> {
    const names = new Map<string, string>();
    for (const { name, sha256 } of inputs) names.set(name, await this.#find(sha256, basename(name)));
    const rename = (name: string) => names.get(name) ?? name;
    return { file: rename(file), flags: { ...flags, ...renameInputs(flags, rename) }, server };
  }

  /** A message about files of a job, with the names that they were asked for by. */
  async globalize(text: string, { inputs }: QueuedJob): Promise<string> {
    let told = text;
    for (const { name, sha256 } of inputs) {
      const here = await this.#files.get(`${sha256}/${basename(name)}`)?.catch(() => undefined);
      if (here !== undefined) told = told.replaceAll(here, name);
    }
    return told;
  }

  #find(sha256: string, name: string): Promise<string> {
    const key = `${sha256}/${name}`;
    const known = this.#files.get(key) ?? this.#fetch(sha256, name);
    this.#files.set(key, known);
    return known;
  }

  async #fetch(sha256: string, name: string): Promise<string> {
    const bytes = checkDigest(await this.#store.get(sha256), sha256);
    const folder = join(this.#folder, sha256);
    await mkdir(folder, { recursive: true });
    const file = join(folder, name);
    await writeFile(file, bytes);
    return file;
  }
}
