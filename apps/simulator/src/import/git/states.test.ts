import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commitRange } from "../../flags.ts";
import { TestRepository } from "../../testing/test-repository.ts";
import { listStates, type Selection } from "./states.ts";

let folder: string;
let repository: TestRepository;

/**
 * ```
 * c0 - c1 - c2 - merge - c4 - c5      dates: 2, 3, 5, 6, 7 and 8 January
 *        `- side --'
 * ```
 * c2 and c5 change meta-own, the others meta.
 */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-states-"));
  repository = await TestRepository.create(folder);
  await repository.commit("c0", "meta/a", "0");
  await repository.commit("c1", "meta/a", "1");
  repository.git("checkout", "--quiet", "-b", "side");
  await repository.commit("side", "meta/b", "side");
  repository.git("checkout", "--quiet", "main");
  await repository.commit("c2", "meta-own/a", "2");
  repository.git("merge", "--quiet", "--no-ff", "--message", "merge", "side");
  await repository.commit("c4", "meta/a", "4");
  await repository.commit("c5: a title, with: signs\u00e9", "meta-own/a", "5");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The titles of each state's commits. */
async function titles(selection: Partial<Selection>): Promise<string[]> {
  const states = await listStates(folder, { last: 10, stride: 1, within: "", ...selection });
  return states.map(({ commits }) => commits.map(({ title }) => title.slice(0, 5)).join(" "));
}

describe("the states of a repository", () => {
  it.each<[string, Partial<Selection>, string[]]>([
    [
      "a range begins with its first commit and follows first parents",
      { range: commitRange("main~5..main") },
      ["c0", "c1", "c2", "merge", "c4", "c5: a"],
    ],
    ["a range without an end leads to HEAD", { range: commitRange("main~1..") }, ["c4", "c5: a"]],
    [
      "a range from a commit beside the first parents is what git says, and starts from the first parent before",
      { range: commitRange("side..main") },
      ["c1", "c2", "merge", "c4", "c5: a"],
    ],
    [
      "without a selection the last commits are walked, as many as told, from the one before on",
      { last: 2 },
      ["merge", "c4", "c5: a"],
    ],
    ["all of them, where there are no more", {}, ["c0", "c1", "c2", "merge", "c4", "c5: a"]],
    ["a range of one commit is one state", { range: commitRange("main..main") }, ["c5: a"]],
    [
      "a stride passes over commits, but not over the last",
      { range: commitRange("main~5..main"), stride: 3 },
      ["c0", "c1 c2 merge", "c4 c5: a"],
    ],
    [
      "a stride that divides the range does not repeat the last",
      { range: commitRange("main~4..main"), stride: 2 },
      ["c1", "c2 merge", "c4 c5: a"],
    ],
    [
      "dates include both ends",
      { since: "2026-01-05T00:00:00Z", until: "2026-01-07T00:00:00Z" },
      ["c2", "merge", "c4"],
    ],
    [
      "of a folder, the commits that change it are states, and the first",
      { range: commitRange("main~5..main"), within: "meta-own" },
      ["c0", "c1 c2", "merge c4 c5: a"],
    ],
  ])("%s", async (_what, selection, expected) => {
    expect(await titles(selection)).toEqual(expected);
  });

  it("has the id, the date and the title of each commit", async () => {
    const id = repository.git("rev-parse", "HEAD");
    expect(
      (await listStates(folder, { range: commitRange("main~1..main"), last: 10, stride: 1, within: "" }))[1],
    ).toEqual({
      id,
      date: expect.stringMatching(/^2026-01-08T00:00:00(Z|\+00:00)$/),
      commits: [{ id, title: "c5: a title, with: signsé" }],
    });
  });

  it.each<[string, Partial<Selection>, RegExp]>([
    [
      "an unknown commit",
      { range: commitRange("nothing..main") },
      /^--range nothing\.\.main: "nothing" is no commit of /,
    ],
    ["a name that looks like an option", { range: commitRange("--all..main") }, /"--all" is no commit of /],
    ["dates without commits", { since: "2030-01-01" }, /no commits that lead to HEAD within those dates$/],
  ])("are refused: %s", async (_what, selection, message) => {
    await expect(titles(selection)).rejects.toThrow(message);
  });

  it.each(["main", "main~1...main", "..main", "a..b..c"])("are of no range that is none: %s", (text) => {
    expect(() => commitRange(text)).toThrow("expected A..B");
  });
});
