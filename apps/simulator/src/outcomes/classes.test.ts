import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { createClassEvidence, createClassOutcomes } from "./classes.ts";

const variables = (texts: Readonly<Record<string, string>>): TaskSketch => ({
  basehash: basehashOf(JSON.stringify(texts)),
  variables: Object.entries(texts).map(([name, value]) => ({ name, value, deps: [] })),
});
const step = { step: 1, id: "c1", commits: [] };
const change = (before: TaskSketch, after: TaskSketch, name = "a:do_x") => ({
  step,
  before: sketchTask(name, before),
  after: sketchTask(name, after),
});

const COMMENT = [variables({ do_x: "\tmake\n" }), variables({ do_x: "\t# why\n\tmake\n" })] as const;

describe("the class of a change lets one guess", () => {
  it.each<[string, TaskSketch, TaskSketch, string | undefined]>([
    ["a comment: neutral", ...COMMENT, "neutral"],
    [
      "a text that is logged: neutral",
      variables({ do_x: '\tbbnote "a"\n' }),
      variables({ do_x: '\tbbnote "b"\n' }),
      "neutral",
    ],
    ["a list in another order: neutral", variables({ DEPENDS: "a b" }), variables({ DEPENDS: "b a" }), "neutral"],
    ["code: propagating", variables({ do_x: "\tmake\n" }), variables({ do_x: "\tmake all\n" }), "propagating"],
    ["a summary: contained", variables({ SUMMARY: "a" }), variables({ SUMMARY: "b" }), "contained"],
    ["an upgrade: propagating", { version: ":1-r0" }, { version: ":2-r0", basehash: basehashOf("b") }, "propagating"],
    ["a new patch: propagating", {}, { files: [["a.patch", "1"]] }, "propagating"],
    [
      "a summary and code: the farther",
      variables({ SUMMARY: "a", f: "\ta\n" }),
      variables({ SUMMARY: "b", f: "\tb\n" }),
      "propagating",
    ],
    [
      "a comment and a summary: the farther",
      variables({ SUMMARY: "a", f: "\tb\n" }),
      variables({ SUMMARY: "b", f: "\tb # c\n" }),
      "contained",
    ],
    [
      "a patch with another checksum: nothing, as it may be its header",
      { files: [["a.patch", "1"]] },
      { files: [["a.patch", "2"]] },
      undefined,
    ],
    [
      "a comment beside such a patch: nothing",
      { ...COMMENT[0], files: [["a.patch", "1"]] },
      { ...COMMENT[1], files: [["a.patch", "2"]] },
      undefined,
    ],
    ["metadata that was not recorded: nothing", {}, { basehash: basehashOf("b") }, undefined],
    ["a variable nobody knows: nothing", variables({ FOO: "a" }), variables({ FOO: "b" }), undefined],
    [
      "a variable nobody knows beside a comment: nothing",
      variables({ FOO: "a", f: "\tb\n" }),
      variables({ FOO: "b", f: "\tb # c\n" }),
      undefined,
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(createClassOutcomes().outcomeOf(change(before, after))).toBe(expected);
  });

  it("what QA tasks and SPDX tasks do is known by their names, once the change is of a known class", () => {
    const outcomeOf = (task: string, ...sketches: readonly [TaskSketch, TaskSketch]) =>
      createClassOutcomes().outcomeOf(change(...sketches, `a:${task}`));
    const upgrade = [{ version: ":1-r0" }, { version: ":2-r0", basehash: basehashOf("b") }] as const;
    expect(outcomeOf("do_package_qa", ...upgrade)).toBe("neutral");
    expect(outcomeOf("do_create_spdx", ...upgrade)).toBe("contained");
    expect(outcomeOf("do_create_spdx", {}, { basehash: basehashOf("b") })).toBeUndefined();
  });

  it("with the change of the text in a few words; never as sure", () => {
    expect(createClassEvidence().evidenceOf(change(...COMMENT))).toEqual({
      outcome: "neutral",
      kind: "comment or white space",
      details: ["variable do_x has another text (+# why)"],
      sure: false,
    });
  });
});
