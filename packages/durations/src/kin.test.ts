import { expect, it } from "vitest";
import { kinOf } from "./kin.ts";

it.each([
  ["do_package_write_ipk", ["do_package_write_deb", "do_package_write_rpm"]],
  ["do_package_write_deb_setscene", ["do_package_write_ipk_setscene", "do_package_write_rpm_setscene"]],
  ["do_create_package_spdx", ["do_create_runtime_spdx"]],
  ["do_compile", []],
])("%s is like %j", (task, kin) => {
  expect(kinOf(task)).toEqual(kin);
});
