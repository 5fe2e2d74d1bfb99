import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { LabelsError } from "../errors.ts";
import { createLabelSource, parseLabels } from "./labels.ts";

const TEXT = `format: depid-labels/1
otherwise: propagating
labels:
  - commit: "722732d95c"
    recipe: meson-*
    task: do_install
    outcome: contained
    reason: a comment in an installed script
  - commit: "722732d95c"
    outcome: neutral
    reason: all else
    sure: false
`;

const change = (id: string, name: string) => ({
  step: { step: 1, id: "ffffffffffff", commits: [{ id, title: "" }] },
  before: sketchTask(name),
  after: sketchTask(name),
});

describe("labels", () => {
  it.each([
    ["722732d95c", "meson-native:do_install", "contained"],
    ["722732d95c", "meson-native:do_compile", "neutral"],
    ["722732d95caaaa", "meson-native:do_install", "contained"],
    ["0000000000", "meson-native:do_install", undefined],
  ])("commit %s, %s: the first label that matches decides: %s", (id, name, outcome) => {
    expect(createLabelSource(parseLabels(TEXT, "l.yaml"), "l.yaml").outcomeOf(change(id, name))).toBe(outcome);
  });

  it("say that a task has the content of an earlier commit, or names its own hash", () => {
    const text = TEXT.replace("outcome: contained", 'as: "0123456789"').replace("outcome: neutral", "outcome: unique");
    expect(parseLabels(text, "l.yaml").labels.map((label) => label.outcome)).toEqual([{ as: "0123456789" }, "unique"]);
  });

  it.each([
    ["no YAML", TEXT.replace("labels:", "labels: ]"), "l.yaml:3: "],
    ["an unknown outcome", TEXT.replace("outcome: neutral", "outcome: nothing"), "l.yaml:10: labels[1].outcome: "],
    [
      "an outcome and a commit",
      TEXT.replace("outcome: neutral", 'outcome: neutral\n    as: "0123456"'),
      "l.yaml:9: labels[1]: ",
    ],
    ["neither outcome nor commit", TEXT.replace("    outcome: neutral\n", ""), "l.yaml:9: labels[1]: "],
    ["a commit that YAML takes for a number", TEXT.replace('"722732d95c"', "1234567"), "l.yaml:4: labels[0].commit: "],
    ["a label without reason", TEXT.replace("    reason: all else\n", ""), "l.yaml:9: labels[1].reason: "],
    ["a key it does not know", TEXT.replace("task:", "tasks:"), "l.yaml:4: labels[0]: "],
    ["nothing", "", "l.yaml:1: "],
  ])("bad text gives one error that names source, line and field: %s", (_what, text, message) => {
    expect(() => parseLabels(text, "l.yaml")).toThrow(LabelsError);
    expect(() => parseLabels(text, "l.yaml")).toThrow(message);
  });
});
