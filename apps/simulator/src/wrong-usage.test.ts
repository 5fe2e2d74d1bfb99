import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDepidIn } from "./testing/run-depid.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-usage-"));
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "text"), "no such thing\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a command line in a folder with `text`, a file that is none of ours, and `empty`, a folder; words in capitals stand for inputs. */
const run = (line: string) =>
  runDepidIn({ cwd: folder }, ...(line === "" ? [] : line.split(" ").map((word) => RIGHT[word] ?? word)));
const FIXTURES = join(import.meta.dirname, "../../../fixtures");
/** Inputs with which nothing is wrong. */
const RIGHT: Readonly<Record<string, string>> = {
  CAPTURE: join(FIXTURES, "cases/17-locked-inputs/before.jsonl.gz"),
  LOCKS: join(FIXTURES, "cases/17-locked-inputs/locked-sigs.inc"),
  SIGDATA: join(FIXTURES, "sigdata/build"),
};

describe("wrong usage is one line on stderr, exit status 2, and nothing is left behind", () => {
  it.each<[string, RegExp]>([
    [
      "",
      /^depid: expected a command: replay, explore, scenarios, advise, predict, retention, sweep, worker, merge, verify, import, /,
    ],
    ["reply", /^depid: unknown command 'reply' \(did you mean replay\?\)/],
    ["expalin x", /^depid: unknown command 'expalin' \(did you mean explain\?\)/],
    ["--nosuch", /^depid: unknown option '--nosuch'/],
    ["--versoin", /\(did you mean --version\?\)/],
    ["help reply", /^depid: unknown command 'reply' \(did you mean replay\?\)/],
    ["help import gti", /^depid import: unknown command 'gti' \(did you mean git\?\)/],
    ["help diff x", /^depid diff: has no command 'x'/],
    ["man nosuch", /^depid: unknown command 'nosuch'/],
    ["man -o none", /^depid: none\/depid\.1 cannot be written: no such folder/],
    ["completion", /^depid completion: missing required argument 'shell'/],
    [
      "completion tcsh",
      /^depid completion: .*'tcsh' is invalid for argument 'shell'\. Allowed choices are bash, zsh, fish;/,
    ],
    ["completion powershell", /^depid completion: .*Allowed choices are bash, zsh, fish;/],
    ["replay", /^depid replay: missing required argument 'history'/],
    [
      "replay none",
      /^depid: none: no such file or directory, and no such scenario: expected a path, or one of .*, twins\n$/,
    ],
    ["replay fpga-chian", /^depid: fpga-chian: .*no such scenario \(did you mean fpga-chain\?\): expected a path, or /],
    ["replay none.jsonl", /^depid: none\.jsonl: cannot be read: no such file/],
    ["explain twin a:do_x", /^depid: twin: .*\(did you mean twins\?\)/],
    ["replay text --topology none", /^depid: none: cannot be read as a topology: no such file or directory/],
    ["replay text --policy-options none", /^depid: none: cannot be read as policy options: no such file or directory/],
    ["replay text --policy-options empty", /^depid: empty: cannot be read as policy options: expected a file, found a/],
    [
      "replay text --outcomes labels:empty",
      /^depid: text:1: |^depid: empty: cannot be read as labels: expected a file/,
    ],
    ["replay text", /^depid: text:1: /],
    ["replay empty", /^depid: empty: /],
    ["replay text --html none/x.html", /^depid: none\/x\.html: cannot be written: /],
    ["replay text --record none/x.json", /^depid: none\/x\.json: cannot be written: /],
    ["explore", /^depid explore: missing required argument 'history'/],
    ["explore none", /^depid: none: no such file or directory, and no such scenario/],
    ["explore text", /^depid: text:1: /],
    ["explore text --port x", /expected a whole number from 0/],
    ["replay text --polcy basic", /^depid replay: unknown option '--polcy' \(did you mean --policy\?\)/],
    ["replay text --policy magic", /^depid: .*no policy "magic": expected one of/],
    ["replay text --policy basic,basic", /^depid: policy "basic" is listed twice/],
    [
      "replay text --builder big",
      /'--builder <kind>' argument 'big' is invalid\. Allowed choices are fresh, persistent/,
    ],
    ["replay text --workers 0", /expected a whole number from 1/],
    ["replay text --jobs 0", /expected a whole number from 1/],
    ["replay text --seed -1", /expected a whole number from 0/],
    ["replay text --release old", /^depid replay: option '--release <version>'/],
    ["replay text --durations none", /^depid: .*none/],
    ["replay text text", /^depid replay: too many arguments for 'replay'\. Expected 1 argument but got 2/],
    ["verify", /^depid verify: missing required argument 'history'/],
    ["verify text", /^depid verify: missing required argument 'builds'/],
    ["verify text none --samples x", /expected a whole number from 0/],
    ["verify text none --spread 11", /expected a number from 0 to 10/],
    ["verify text none --at-least 2", /expected a number from 0 to 1/],
    ["import", /^depid import: expected a command: sigdata, /],
    ["import nosuch", /^depid import: unknown command 'nosuch'/],
    ["import sigdata", /^depid import sigdata: missing required argument 'inputs'/],
    ["import sigdata none", /^depid: none/],
    ["import sigdata empty -o out.jsonl", /^depid: empty: /],
    ["import capture", /^depid import capture: required option '-o, --output <file>' not specified/],
    ["import capture none", /^depid import capture: required option '-o, --output <file>' not specified/],
    ["import capture text -o none/out", /^depid: none\/out: cannot be written: there is no folder none\n$/],
    ["import capture text -o empty", /^depid: empty: cannot be written: expected a file, found a directory\n$/],
    ["import capture text -o text/out", /^depid: text\/out: cannot be written: expected a directory on the way/],
    ["import capture none -o text", /^depid: none: no such file/],
    ["import capture CAPTURE text -o out", /^depid: text: expected a capture/],
    ["import capture CAPTURE text -o text", /^depid: text: expected a capture/],
    ["import sigdata SIGDATA -o none/out", /^depid: none\/out: cannot be written: there is no folder none\n$/],
    ["import sigdata SIGDATA -o empty", /^depid: empty: cannot be written: expected a file, found a directory\n$/],
    ["import sigdata empty -o text", /^depid: empty: has no signature files/],
    ["import sigdata SIGDATA --dot none -o out", /^depid: none: cannot be read/],
    ["import sigdata SIGDATA --pn-buildlist none -o text", /^depid: none: cannot be read/],
    ["import stamps SIGDATA -o none/out", /^depid: none\/out: cannot be written: there is no folder none\n$/],
    ["import stamps SIGDATA -o empty", /^depid: empty: cannot be written: expected a file, found a directory\n$/],
    ["import locked-sigs LOCKS -o none/out", /^depid: none\/out: cannot be written: there is no folder none\n$/],
    ["import locked-sigs text -o text", /^depid: text:1: expected SIGGEN_LOCKEDSIGS_t-/],
    ["import git empty -o text/out", /^depid: --output text\/out: /],
    ["import git empty -o text --run-cmd true", /^depid: empty: expected a checkout of a git repository/],
    ["import git", /^depid import git: missing required argument 'directory'|required option '-o, --output <file>'/],
    ["import git none -o out --run-cmd true", /^depid: none: no such directory/],
    ["import git empty -o out --run-cmd true", /^depid: empty: expected a checkout of a git repository/],
    ["import git empty -o none/out", /^depid: --output none\/out: no such directory/],
    ["import git empty -o empty", /^depid: --output empty: expected a file, found a directory/],
    ["import git empty -o out --stride 0", /expected a whole number from 1/],
    ["import git empty -o out --range a..b --since now", /cannot be used with option '--since/],
    ["import git empty -o out --bitbake empty", /^depid: --bitbake empty: expected bin\/bitbake in it/],
    ["import buildhistory empty", /^depid: .*empty/],
    ["import buildstats none", /^depid: none/],
    ["import dot none", /^depid: none/],
    ["import dot text", /^depid: text/],
    ["import hashserv none", /^depid: none/],
    ["import hashserv text", /^depid: text/],
    ["import hashserv text --table users", /Allowed choices are equivalences, outhashes/],
    ["import locked-sigs none", /^depid: none/],
    ["import log none", /^depid: none/],
    ["import sstate none", /^depid: none/],
    ["import stamps none", /^depid: none/],
    ["import sstate empty -o", /^depid import sstate: option '-o, --output <file>' argument missing/],
    ["label", /^depid label: missing required argument 'history'/],
    ["label none", /^depid: none: cannot be read: no such file/],
    ["doctor", /^depid doctor: missing required argument 'directory'/],
    ["doctor none", /^depid: none/],
    ["doctor empty --set x", /expected NAME=VALUE/],
    ["doctor empty --examples x", /expected a whole number/],
    ["doctor empty --timeout 0", /expected a number of seconds, up to 600/],
    ["diff", /^depid diff: missing required argument 'A'/],
    ["diff text", /^depid diff: missing required argument 'B'/],
    ["diff none none", /^depid: none/],
    ["diff text text", /^depid: text/],
    ["diff text text --json --markdown", /^depid diff: option '--markdown' cannot be used with option '--json'/],
    ["diff text text --limit few", /expected a whole number from 0/],
    ["explain", /^depid explain: missing required argument 'build'/],
    ["explain none a:do_x", /^depid: none/],
    ["explain text a:do_x --all-paths 0", /expected a whole number from 1/],
    ["outhash", /^depid outhash: missing required argument/],
    ["outhash none", /^depid: none: cannot be read: no such file or directory\n$/],
    ["outhash text/none", /^depid: text\/none: cannot be read: expected a directory on the way, found a file\n$/],
    ["outhash empty --against none", /^depid: none: cannot be read: no such file or directory\n$/],
    ["outhash empty --agianst x", /^depid outhash: unknown option '--agianst' \(did you mean --against\?\)/],
    ["outhash empty --against", /^depid outhash: option '--against <[^>]*>' argument missing/],
    ["check-locks", /^depid check-locks: missing required argument/],
    ["check-locks text", /^depid check-locks: missing required argument/],
    ["check-locks none empty", /^depid: none/],
    ["check-locks text empty --nosuch", /^depid check-locks: unknown option '--nosuch'/],
    ["label none --nosuch", /^depid label: unknown option '--nosuch'/],
    ["verify text none --nosuch", /^depid verify: unknown option '--nosuch'/],
    ["import stamps", /^depid import stamps: missing required argument/],
    ["import stamps none --nosuch", /^depid import stamps: unknown option '--nosuch'/],
    ["import log", /^depid import log: missing required argument/],
    ["import log none --nosuch", /^depid import log: unknown option '--nosuch'/],
    ["import dot", /^depid import dot: missing required argument/],
    ["import sstate", /^depid import sstate: missing required argument/],
    ["import locked-sigs", /^depid import locked-sigs: missing required argument/],
    ["import buildstats", /^depid import buildstats: missing required argument/],
    ["import buildhistory", /^depid import buildhistory: missing required argument/],
  ])("depid %s", async (line, message) => {
    const { status, stdout, stderr: said } = await run(line);
    const stderr = said.replace(/^reading .*\n/gm, "");
    expect(stderr).toMatch(/^depid[^\n]*\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("internal error");
    expect([status, stdout]).toEqual([2, ""]);
    expect((await readdir(folder)).sort()).toEqual(["empty", "text"]);
    expect(await readFile(join(folder, "text"), "utf8")).toBe("no such thing\n");
  });
});
