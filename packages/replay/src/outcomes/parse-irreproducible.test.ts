import { describe, expect, it } from "vitest";
import { parseIrreproducible } from "./parse-irreproducible.ts";

const HEAD = "format: depid-irreproducible/1\ntasks:\n";

describe("a file of tasks that are not reproducible", () => {
  it("has rules in their order; what they do propagates where nothing is said", () => {
    expect(
      parseIrreproducible(
        `${HEAD}  - { task: do_compile, probability: 0.1 }\n  - { recipe: "linux*", probability: 1, does: contained, because: time }\n`,
        "runs.yaml",
      ),
    ).toEqual([
      { task: "do_compile", probability: 0.1, does: "propagating" },
      { recipe: "linux*", probability: 1, does: "contained", because: "time" },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ["no YAML", "tasks: [", /^runs\.yaml:1: column 9: /],
    ["another format", "format: x\ntasks: []\n", /^runs\.yaml:1: column 9: format: /],
    ["no rule", `${HEAD.trimEnd()} []\n`, /^runs\.yaml:2: column 8: tasks: expected at least one$/],
    ["a rule without a probability", `${HEAD}  - task: do_x\n`, /^runs\.yaml:3: column 5: tasks\[0\]\.probability: /],
    [
      "a probability beyond 1",
      `${HEAD}  - probability: 1.5\n`,
      /^runs\.yaml:3: column 18: tasks\[0\]\.probability: .*<=1$/,
    ],
    [
      "an outcome that a run cannot have",
      `${HEAD}  - probability: 1\n    does: neutral\n`,
      /^runs\.yaml:4: column 11: tasks\[0\]\.does: /,
    ],
    [
      "a key that there is not",
      `${HEAD}  - probability: 1\n    tasks: do_x\n`,
      /^runs\.yaml:4: column 5: tasks\[0\]\.tasks: expected no such key$/,
    ],
  ])("with %s is refused, with line and column", (_what, text, message) => {
    expect(() => parseIrreproducible(text, "runs.yaml")).toThrow(message);
  });
});
