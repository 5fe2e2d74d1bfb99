import { expect, it } from "vitest";
import { closestNames } from "./closest-names.ts";

it("the names nearest to a text are those with the fewest characters put in, taken out or replaced", () => {
  expect(closestNames(["twins", "fpga-chain", "fpga-chart", "rfc-2018"], "fpga-chian")).toEqual([
    "fpga-chain",
    "fpga-chart",
  ]);
});

it("names are proposed at most five, each once, those as near as others by their code points", () => {
  const names = ["a6", "a5", "a4", "a3", "a2", "a1", "a1"];
  expect(closestNames(names, "a0")).toEqual(["a1", "a2", "a3", "a4", "a5"]);
});

it("nothing is proposed that is farther than three characters or half of the text", () => {
  expect(closestNames(["abcdefgh"], "abcd")).toEqual([]);
  expect(closestNames(["abcdefgh"], "abcde")).toEqual(["abcdefgh"]);
});
