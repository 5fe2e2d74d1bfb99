import type { Task } from "@depid/task-graph";

/** Which list of tasks counts, whose output names the task's own hash. */
export type UniqueChoice = "oe-core" | "none";

/** A task whose output names its own hash, so that no two taskhashes have equal output. */
export interface UniqueTask {
  /** With `do_`. */
  readonly task: string;
  /** How that is known. */
  readonly reason: string;
}

const MEASURED = "SPDX 3 documents name the task's own hash; another one in every real build that was measured";
const READ = "SPDX 3 documents name the task's own hash; not measured, by the code that writes them";

/**
 * OE-Core with SPDX 3 (since 2024): elements of the documents have ids with BB_UNIHASH in them. do_create_package_spdx writes such documents as well, but
 * came out equal in every native build that was measured, as native recipes have no packages; so it is not here.
 */
const SPDX_3: readonly UniqueTask[] = [
  { task: "do_create_spdx", reason: MEASURED },
  { task: "do_create_recipe_spdx", reason: MEASURED },
  { task: "do_create_recipe_sbom", reason: READ },
  { task: "do_create_rootfs_spdx", reason: READ },
  { task: "do_create_image_spdx", reason: READ },
  { task: "do_create_image_sbom_spdx", reason: READ },
];

/**
 * The tasks of a build, or of a history, whose output names its own hash, with how that is known. OE-Core's that writes SPDX 3 is told by
 * do_create_package_spdx beside do_create_spdx; for other releases nothing is known, and nothing is listed.
 *
 * @param tasks all there are; a name may come many times
 */
export function uniqueOutputsOf(tasks: Iterable<Pick<Task, "task">>, choice: UniqueChoice): readonly UniqueTask[] {
  if (choice === "none") return [];
  const names = new Set<string>();
  for (const { task } of tasks) names.add(task);
  const isSpdx3 = names.has("do_create_package_spdx") && names.has("do_create_spdx");
  return isSpdx3 ? SPDX_3.filter(({ task }) => names.has(task)) : [];
}
