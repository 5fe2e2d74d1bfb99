import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { drawOutcome, parseClassOdds } from "./class-odds.ts";
import { createDrawnClasses } from "./classes.ts";

const HEAD = "format: depid-class-odds/1\nclasses:\n";
const parse = (text: string) => parseClassOdds(text, "odds.yaml");

const withText = (text: string): TaskSketch => ({
  basehash: basehashOf(text),
  variables: [{ name: "do_x", value: text, deps: [] }],
});
/** A comment that is reworded in a recipe. */
const comment = (step: number, name: string) => ({
  step: { step, id: `c${step}`, commits: [] },
  before: sketchTask(name, withText("\tmake\n")),
  after: sketchTask(name, withText("\t# why\n\tmake\n")),
});

describe("odds of classes", () => {
  it("draw each outcome as often as they say, and nothing where nothing is known", () => {
    const odds = { neutral: 0.5, contained: 0.2, propagating: 0.1 };
    const drawn = Array.from({ length: 2000 }, (_, i) => drawOutcome(odds, `draw ${i}`) ?? "not known");
    const share = (outcome: string) => Math.round((drawn.filter((it) => it === outcome).length / 2000) * 10) / 10;
    expect(["neutral", "contained", "propagating", "not known"].map(share)).toEqual([0.5, 0.2, 0.1, 0.2]);
  });

  it("decide what one step does in one recipe once, and other seeds otherwise", () => {
    const odds = parse(`${HEAD}  comment or white space: { neutral: 0.5, propagating: 0.5 }\n`);
    const outcomes = (seed: string) => {
      const source = createDrawnClasses(odds, seed, "classes:odds.yaml");
      return [0, 1, 2, 3, 4, 5, 6, 7].map((step) => {
        const [one, other] = ["a:do_x", "a:do_x"].map((name) => source.outcomeOf(comment(step, name)));
        expect(other).toBe(one);
        return one;
      });
    };
    expect(outcomes("1")).toEqual(outcomes("1"));
    expect(new Set(outcomes("1"))).toEqual(new Set(["neutral", "propagating"]));
    expect(outcomes("2")).not.toEqual(outcomes("1"));
  });

  it("say nothing of a class that they do not have", () => {
    const source = createDrawnClasses(parse(`${HEAD}  sources: { propagating: 1 }\n`), "1", "classes:odds.yaml");
    expect(source.outcomeOf(comment(1, "a:do_x"))).toBeUndefined();
  });

  it.each([
    ["another format", "format: depid-class-odds/2\n", /^odds\.yaml:1: column 9: format: /],
    [
      "probabilities of more than 1",
      `${HEAD}  sources: { neutral: 0.6, propagating: 0.6 }\n`,
      /^odds\.yaml:3: column 12: classes\.sources: expected probabilities that add up to 1 or less$/,
    ],
    [
      "a probability beyond 1",
      `${HEAD}  sources: { neutral: 0.1 }\n  taint: { neutral: 1.5 }\n`,
      /^odds\.yaml:4: column 21: classes\.taint\.neutral: /,
    ],
    [
      "an outcome that there is not",
      `${HEAD}  sources: { unique: 1 }\n`,
      /^odds\.yaml:3: column 14: classes\.sources\.unique: expected no such key$/,
    ],
    ["no classes", "format: depid-class-odds/1\n", /^odds\.yaml:1: column 1: classes: /],
    [
      "a class that there is not",
      `${HEAD}  coments: { neutral: 1 }\n`,
      /^odds\.yaml:3: column 3: classes\.coments: expected a class of changes: comment or white space, /,
    ],
  ])("with %s are refused, with line and column", (_what, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
