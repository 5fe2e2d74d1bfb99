import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAll } from "../testing/rows.ts";
import { readTasksigs } from "./tasksigs.ts";

const COMPILE = "0962805d8fbdded25aa0929f202ef097ab56000708148c73b9df892b0504e3d0";
const CONFIGURE = "aa3136741d6bb63cb11e69a655b94d0792b6d1f044be273d26ea0a461f1174b2";
const OTHER = "48d550bcd0ff9e694a6abc7bd442b5166f2a00d452c945b62664dc8fcb08f758";

let folder: string;
let repository: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-buildhistory-"));
  repository = join(folder, "buildhistory");
  git(folder, "init", "-q", repository);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function git(directory: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...identity, "-C", directory, ...args], {
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" },
  });
}

async function commit(title: string, content: string | Buffer, file = "task/tasksigs.txt"): Promise<void> {
  await mkdir(join(repository, dirname(file)), { recursive: true });
  await writeFile(join(repository, file), content);
  git(repository, "add", "-A");
  git(repository, "commit", "-q", "-m", title);
}

const lineOf = (task: string, taskhash: string) => `miniapp:${task} /mini/miniapp_2.0.bb ${taskhash}\n`;

async function commitBuilds(): Promise<void> {
  await commit(
    "Build 1 of nodistro for machine qemux86-64",
    lineOf("do_compile", COMPILE) + lineOf("do_configure", CONFIGURE),
  );
  await commit("Build 2", "x", "metadata-revs");
  await commit("Build 3", lineOf("do_compile", OTHER));
}

describe("a buildhistory repository", () => {
  it.each(["with a work tree", "bare"])("%s has the changes of taskhashes, build by build", async (kind) => {
    await commitBuilds();
    if (kind === "bare") git(folder, "clone", "-q", "--bare", repository, `${repository}.git`);
    const source = readTasksigs(kind === "bare" ? `${repository}.git` : repository);
    const { rows, leftOut } = await readAll(source);
    expect(rows.map(({ build, change, name, taskhash }) => [build, change, name, taskhash])).toEqual([
      [0, "new", "miniapp:do_compile", COMPILE],
      [0, "new", "miniapp:do_configure", CONFIGURE],
      [1, "changed", "miniapp:do_compile", OTHER],
      [1, "gone", "miniapp:do_configure", CONFIGURE],
    ]);
    expect(source.builds).toMatchObject([
      { title: "Build 1 of nodistro for machine qemux86-64", tasks: 2, new: 2, changed: 0, gone: 0 },
      { title: "Build 3", tasks: 1, new: 0, changed: 1, gone: 1 },
    ]);
    expect(leftOut).toEqual([]);
  });

  it("may have a commit that took the file away", async () => {
    await commitBuilds();
    git(repository, "rm", "-q", "task/tasksigs.txt");
    git(repository, "commit", "-q", "-m", "away");
    const { rows, leftOut } = await readAll(readTasksigs(repository));
    expect(rows).toHaveLength(4);
    expect(leftOut).toMatchObject([{ reason: "a commit without task/tasksigs.txt", count: 1 }]);
  });

  it.each([
    ["another line", "nonsense\n", /buildhistory [0-9a-f]{12}:task\/tasksigs.txt:1: expected PN:TASK/],
    ["other bytes", Buffer.from([0xff, 10]), /:task\/tasksigs.txt: expected UTF-8 text, found other bytes$/],
  ])("with %s is refused, naming commit and file", async (_what, content, message) => {
    await commit("Build 1", content);
    await expect(readAll(readTasksigs(repository))).rejects.toThrow(message);
  });

  it("runs nothing that it configures, and knows no options for revisions", async () => {
    await commitBuilds();
    const trap = join(folder, "trap");
    for (const name of ["core.fsmonitor", "core.pager", "pager.rev-list", "core.sshCommand", "diff.external"])
      git(repository, "config", name, `touch ${trap}`);
    await readAll(readTasksigs(repository));
    await expect(readAll(readTasksigs(repository, `--output=${trap}`))).rejects.toThrow("no revision");
    await expect(rm(trap)).rejects.toThrow("ENOENT");
  });

  it("is one itself: none further up is read", async () => {
    await commitBuilds();
    await expect(readAll(readTasksigs(join(repository, "task")))).rejects.toThrow(/task: git: fatal: not a git/);
    await expect(readAll(readTasksigs(join(folder, "no")))).rejects.toThrow(/no: git: fatal: cannot change to/);
  });

  it("has commits with taskhashes", async () => {
    await commit("other", "x", "metadata-revs");
    await expect(readAll(readTasksigs(repository))).rejects.toThrow(
      "expected commits with task/tasksigs.txt (BUILDHISTORY_FEATURES with task), found none",
    );
    await expect(readAll(readTasksigs(repository, "nobody"))).rejects.toThrow(/git: fatal: /);
  });
});
