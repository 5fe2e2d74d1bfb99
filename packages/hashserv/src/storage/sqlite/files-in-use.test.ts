import { describe, expect, it } from "vitest";
import { type FilesSeen, findFileLost, hasBeenWritten } from "./files-in-use.ts";

const file = (number: bigint, { device = 1n, size = 10n, modified = 5n } = {}) => ({ device, number, size, modified });
const opened: FilesSeen = { main: file(1n), log: file(2n), index: file(3n) };

describe("the files of an open database", () => {
  it.each<readonly [string, FilesSeen]>([
    ["as they were", opened],
    ["written to", { ...opened, main: file(1n, { size: 20n, modified: 6n }) }],
  ])("are there, %s", (_how, seen) => {
    expect(findFileLost(opened, seen)).toBeUndefined();
  });

  it.each<readonly [string, FilesSeen, string]>([
    ["without the file", { ...opened, main: undefined }, "has no file any more: the file was deleted or moved away"],
    ["another file", { ...opened, main: file(9n) }, "has no file any more: the file was replaced by another"],
    [
      "a file of the same number on another device",
      { ...opened, main: file(1n, { device: 2n }) },
      "has no file any more: the file was replaced by another",
    ],
    [
      "without the log",
      { ...opened, log: undefined },
      "has no write-ahead log any more: the file with -wal behind its name was deleted or moved away",
    ],
    [
      "without its index",
      { ...opened, index: undefined },
      "has no write-ahead log any more: the file with -shm behind its name was deleted or moved away",
    ],
    ["nothing", {}, "has no file any more: the file was deleted or moved away"],
  ])("are lost: %s", (_how, seen, reason) => {
    expect(findFileLost(opened, seen)).toBe(reason);
  });

  it("that were not there from the beginning are not missed", () => {
    expect(findFileLost({}, {})).toBeUndefined();
    expect(findFileLost({ main: file(1n) }, opened)).toBeUndefined();
  });

  it.each<readonly [string, FilesSeen, boolean]>([
    ["nobody", opened, false],
    ["somebody, to the log", { ...opened, log: file(2n, { size: 99n, modified: 99n }) }, false],
    ["somebody, to the file", { ...opened, main: file(1n, { modified: 6n }) }, true],
    ["somebody who cut it within a tick of the clock", { ...opened, main: file(1n, { size: 1n }) }, true],
  ])("were written to by %s", (_who, seen, written) => {
    expect(hasBeenWritten(opened, seen)).toBe(written);
  });
});
