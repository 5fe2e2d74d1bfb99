import { formatSetscene, splitSetscene } from "@depid/hash";

/**
 * Tasks that do like work under another name, with a setscene variant each. They stand in for each other only where nobody measured the task
 * by its own name.
 *
 * - The package writers: a build has as a rule one of them.
 * - OE-Core's SPDX classes: the documents of recipe and packages had other tasks up to SPDX 2.2, removed in March 2026 (12abd0574c, 45019a49f9).
 * - The steps of ptest: mostly nothing, or one call of make.
 */
const KIN: readonly (readonly string[])[] = [
  ["do_package_write_ipk", "do_package_write_deb", "do_package_write_rpm"],
  ["do_create_recipe_spdx", "do_collect_spdx_deps"],
  ["do_create_package_spdx", "do_create_runtime_spdx"],
  ["do_configure_ptest_base", "do_compile_ptest_base"],
];

/** The tasks that do like work as this one, in the order in which they are asked. @param task with `do_`, and with `_setscene` if it restores */
export function kinOf(task: string): readonly string[] {
  const { task: real, isSetscene } = splitSetscene(task);
  return KIN.filter((names) => names.includes(real))
    .flat()
    .filter((name) => name !== real)
    .map((name) => (isSetscene ? formatSetscene(name) : name));
}
