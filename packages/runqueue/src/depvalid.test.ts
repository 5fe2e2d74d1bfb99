import { parseTid } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { createDepValid, type DepValidTask } from "./depvalid.ts";

function taskOf(name: string): DepValidTask {
  const [pn = "", task = ""] = name.split(":");
  return { tid: parseTid(`${pn}.bb:${task}`), pn, task };
}

describe("OE-Core's depvalid", () => {
  it.each([
    ["do_populate_lic is never restored for others", "a:do_populate_lic", ["b:do_x"], false],
    ["do_packagedata always is", "a:do_packagedata", [], true],
    ["packaging does not need do_package", "a:do_package", ["a:do_package_write_ipk", "a:do_packagedata"], false],
    ["anything else needs it", "a:do_package", ["a:do_package_write_ipk", "a:do_rootfs"], true],
    ["packages need sysroots", "a:do_populate_sysroot", ["b:do_package_write_rpm"], true],
    ["do_package does not", "a:do_populate_sysroot", ["b:do_package", "b:do_package_qa", "b:do_deploy"], false],
    ["a target sysroot needs target sysroots", "a:do_populate_sysroot", ["b:do_populate_sysroot"], true],
    ["but no tools", "t-native:do_populate_sysroot", ["b:do_populate_sysroot"], false],
    ["except this one", "shadow-native:do_populate_sysroot", ["b:do_populate_sysroot"], true],
    ["tools need tools", "t-native:do_populate_sysroot", ["u-native:do_populate_sysroot"], true],
    ["cross tools need target sysroots", "libc:do_populate_sysroot", ["gcc-cross-x:do_populate_sysroot"], true],
    ["so does the extensible SDK", "t-native:do_populate_sysroot", ["meta-extsdk-toolchain:do_populate_sysroot"], true],
    ["there are no packages of tools", "a:do_x", ["t-native:do_package", "t-cross:do_packagedata"], false],
    ["what is never restored for others needs nothing", "a:do_x", ["a:do_create_spdx"], false],
    ["no user, no need", "a:do_x", [], false],
  ] as const)("%s", (_why, task, users, needed) => {
    expect(createDepValid()(taskOf(task), users.map(taskOf), () => false)).toBe(!needed);
  });
  it("users which are not needed themselves do not count", () => {
    const users = ["b:do_populate_sysroot", "c:do_package"].map(taskOf);
    const depValid = createDepValid();
    expect(depValid(taskOf("a:do_populate_sysroot"), users, (user) => user.pn === "b")).toBe(true);
    expect(depValid(taskOf("a:do_populate_sysroot"), users, (user) => user.pn === "c")).toBe(false);
  });
  it("pairs of SSTATE_EXCLUDEDEPS_SYSROOT match from the start of the names", () => {
    const depValid = createDepValid([".*->tzdata"]);
    const users = [taskOf("b:do_populate_sysroot")];
    expect(depValid(taskOf("tzdata-x:do_populate_sysroot"), users, () => false)).toBe(true);
    expect(depValid(taskOf("x-tzdata:do_populate_sysroot"), users, () => false)).toBe(false);
  });
});
