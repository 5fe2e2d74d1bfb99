import { expect, it } from "vitest";
import { formatDuration } from "./format-duration.ts";
import { formatSources } from "./sources.ts";

it.each([
  [0, "0 s"],
  [0.01, "<0.1 s"],
  [0.05, "0.1 s"],
  [4.26, "4.3 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [41.4, "41 s"],
  [99.4, "99 s"],
  [99.6, "1.7 min"],
  [41 * 60, "41 min"],
  [99.4 * 60, "99 min"],
  [99.6 * 60, "1.7 h"],
  [3.1 * 3600, "3.1 h"],
  [57.2 * 3600, "57 h"],
  [1204 * 3600, "1,204 h"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it("shares are said best first, zeros too", () => {
  expect(formatSources({ unknown: 56, measured: 3010, task: 0, variant: 613 })).toBe(
    "3,010 measured, 613 by variant, 0 by task name, 56 unknown",
  );
});
