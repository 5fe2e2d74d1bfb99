import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import {
  addTaint,
  type BuilderState,
  createBuilder,
  findTaint,
  findTaints,
  forgetDepIds,
  listStamps,
  removeStamps,
  type StampFile,
  stampKeyOf,
  wipeBuilder,
} from "./builder.ts";
import { formatBuilder, parseBuilder } from "./builder-format.ts";
import { BuilderFormatError } from "./errors.ts";
import { hashesOf } from "./testing/index.ts";

const task = sketchTask("a:do_x", { stamp: "all/a/1.0" });
const file: StampFile = { config: "", stamp: "all/a/1.0", task: "do_x", variant: "setscene", extra: "qemu" };
const builder: BuilderState = {
  ...addTaint(createBuilder(), task, "some-uuid"),
  stamps: new Map([[stampKeyOf(file), { ...file, made: [{ hash: "beef", seconds: 7 }] }]]),
  manifests: new Set(["m"]),
  depids: new Map([[":a:do_x", hashesOf(task.tid)]]),
};

describe("a builder", () => {
  it("names its stamps as BitBake does", () => {
    expect(listStamps(builder)).toEqual([{ config: "", name: "all/a/1.0.do_x_setscene.beef.qemu", seconds: 7 }]);
  });
  it("keeps taints until it is wiped", () => {
    expect(findTaint(builder, task)).toBe("some-uuid");
    expect(findTaints(builder, [task])).toEqual(new Map([[task.tid, "some-uuid"]]));
    expect(findTaint(wipeBuilder(builder), task)).toBeUndefined();
    expect(findTaints(createBuilder(), [task])).toEqual(new Map());
  });
  it("loses stamps that are said to be lost", () => {
    expect(listStamps(removeStamps(builder, ({ variant }) => variant === "setscene"))).toEqual([]);
    expect(listStamps(removeStamps(builder, ({ variant }) => variant === "real"))).toHaveLength(1);
  });
  it("remembers depids when its build directory is wiped, until it is made to forget them", () => {
    expect(wipeBuilder(builder).depids).toEqual(builder.depids);
    expect(forgetDepIds(builder)).toEqual({ ...builder, depids: new Map() });
  });
  it("is the same after it was kept as text", () => {
    expect(parseBuilder(formatBuilder(builder))).toEqual(builder);
  });
  it.each([
    ["", "saved builder: expected JSON, found something else"],
    ["7", "saved builder: expected an object, found 7"],
    ["{}", 'saved builder: format: expected "depid-builder/2", found nothing'],
    [formatBuilder(builder).replace('"clock":1000', '"clock":-1'), "clock: expected a number, not negative, found -1"],
    [
      formatBuilder(builder).replace('"setscene"', '"real?"'),
      'stamps[0].variant: expected "real" or "setscene", found',
    ],
    [formatBuilder(builder).replace('"seconds":7', '"seconds":"7"'), "stamps[0].made[0].seconds: expected a number"],
    [
      formatBuilder(builder).replace(/"depid":"../, '"depid":"'),
      "depids[0].depid: expected 64 hexadecimal digits, found",
    ],
    [formatBuilder(builder).replace("depid-builder/2", "depid-builder/1"), 'expected "depid-builder/2", found'],
  ])("cannot be made from %s", (text, message) => {
    expect(() => parseBuilder(text)).toThrow(BuilderFormatError);
    expect(() => parseBuilder(text)).toThrow(message);
  });
});
