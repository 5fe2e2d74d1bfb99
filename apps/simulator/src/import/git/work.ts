import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readGit } from "@depid/bitbake/fs";
import { ImportGitError } from "./errors.ts";

/** What captures of one work folder have in common: a second run that differs in any of these would not continue the first. */
export type WorkSettings = Readonly<Record<string, string>>;

/** The folder that a walk works in and that a later run continues from. Nothing outside of it is written. */
export class WorkFolder {
  readonly #folder: string;
  readonly #repository: string;
  /** Checkout of the repository, named as it is, since recipes are named by their layer's folder. */
  readonly tree: string;
  /** Build directory of BitBake. */
  readonly build: string;
  /** Where the builds find our layer. */
  readonly layer: string;
  /** Milliseconds since 1970. */
  #nextSecond = 0;

  private constructor(folder: string, repository: string) {
    this.#folder = folder;
    this.#repository = repository;
    this.tree = join(folder, "tree", basename(repository));
    this.build = join(folder, "build");
    this.layer = join(folder, "meta-depid");
  }

  /** The folder, whether it is there or not. */
  static at(folder: string, repository: string): WorkFolder {
    return new WorkFolder(folder, repository);
  }

  /**
   * Makes the folder, or continues with it.
   *
   * @throws {ImportGitError} when it was made with other settings, or another process works in it
   */
  async open(settings: WorkSettings): Promise<void> {
    for (const name of ["captures", "logs", "build"]) await mkdir(join(this.#folder, name), { recursive: true });
    await this.#lock();
    try {
      await this.#compareSettings(settings);
      if (!existsSync(join(this.tree, ".git"))) await this.#clone();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Lets other processes work in the folder. */
  async close(): Promise<void> {
    await rm(join(this.#folder, "lock"), { force: true });
  }

  /** Where the capture of a commit is kept. */
  captureOf(id: string): string {
    return join(this.#folder, "captures", `${id}.jsonl.gz`);
  }

  /** Where the log of a commit's run is kept. */
  logOf(id: string): string {
    return join(this.#folder, "logs", `${id}.log`);
  }

  hasCapture(id: string): boolean {
    return existsSync(this.captureOf(id));
  }

  /** Keeps a capture; it is there whole or not at all. */
  async keepCapture(id: string, file: string): Promise<void> {
    await rename(file, this.captureOf(id));
  }

  /**
   * Brings the tree to the state of a commit, with nothing left of the one before. BitBake tells a changed file by the second it
   * was written in, so each state has a second of its own.
   */
  async checkOut(id: string): Promise<void> {
    await sleep(Math.max(0, this.#nextSecond - Date.now()));
    await rm(join(this.tree, ".git/index.lock"), { force: true }); // of an interrupted run
    await readGit(this.tree, ["checkout", "--quiet", "--force", "--detach", id]);
    await readGit(this.tree, ["clean", "--quiet", "-ffdx"]);
    this.#nextSecond = (Math.floor(Date.now() / 1000) + 1) * 1000;
  }

  /** The objects stay where they are, and the user's repository hears nothing of the clone. */
  async #clone(): Promise<void> {
    const draft = `${this.tree}.draft`;
    await rm(draft, { recursive: true, force: true });
    const clone = ["clone", "--quiet", "--shared", "--no-checkout", "--", this.#repository, draft];
    await readGit(this.#folder, clone, { readFiles: true });
    await rename(draft, this.tree);
  }

  async #compareSettings(settings: WorkSettings): Promise<void> {
    const file = join(this.#folder, "settings.json");
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) {
      await writeFile(file, `${JSON.stringify(settings, null, 2)}\n`);
      return;
    }
    const before = this.#parseSettings(text, file);
    for (const [name, value] of Object.entries(settings)) {
      if (before[name] !== value) {
        throw new ImportGitError(
          `${this.#folder} was made with ${name} ${JSON.stringify(before[name])}, not ${JSON.stringify(value)}: name another folder with --work`,
        );
      }
    }
  }

  #parseSettings(text: string, file: string): WorkSettings {
    try {
      return Object(JSON.parse(text));
    } catch (cause) {
      throw new ImportGitError(`${file}: expected JSON, of an earlier run: name another folder with --work`, { cause });
    }
  }

  async #lock(): Promise<void> {
    const file = join(this.#folder, "lock");
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    if (holder > 0 && holder !== process.pid && isAlive(holder)) {
      throw new ImportGitError(`${this.#folder}: process ${holder} works in this folder (${file})`);
    }
    await writeFile(file, String(process.pid));
  }
}

/** Digest of texts, for settings too long to be compared by eye. */
export function digestOf(texts: Iterable<string>): string {
  const digest = createHash("sha256");
  for (const text of texts) digest.update(`${text.length}\n${text}`);
  return digest.digest("hex").slice(0, 16);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
