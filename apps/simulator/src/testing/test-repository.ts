import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const IDENTITY = {
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "C",
  GIT_COMMITTER_EMAIL: "c@example.com",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** A small git repository for a test. */
export class TestRepository {
  readonly folder: string;
  #commits = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(folder: string): Promise<TestRepository> {
    await mkdir(folder, { recursive: true });
    const repository = new TestRepository(folder);
    repository.git("init", "--quiet", "--initial-branch=main");
    return repository;
  }

  /** Commits one file; commits are a day apart from 2 January 2026 on. @returns the commit's id */
  async commit(title: string, file: string, text: string): Promise<string> {
    await mkdir(dirname(join(this.folder, file)), { recursive: true });
    await writeFile(join(this.folder, file), text);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", title);
    return this.git("rev-parse", "HEAD");
  }

  git(...args: string[]): string {
    if (args[0] === "commit" || args[0] === "merge") this.#commits += 1;
    const date = new Date(Date.UTC(2026, 0, 1 + this.#commits)).toISOString();
    const env = { ...process.env, ...IDENTITY, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    const { status, stdout, stderr } = spawnSync("git", ["-C", this.folder, ...args], { encoding: "utf8", env });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  }
}
