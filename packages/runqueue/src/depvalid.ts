import { isNativeOrCross, type Tid } from "@depid/hash";

/** A setscene task as the depvalid function sees it. */
export interface DepValidTask {
  readonly tid: Tid;
  readonly pn: string;
  /** With `do_`. */
  readonly task: string;
}

/**
 * Whether a setscene task is *not* needed for its users, all of which are covered (BB_SETSCENE_DEPVALID; runqueue.md
 * section 7).
 *
 * @param isNotNeeded whether a user was itself passed over as not needed
 */
export interface DepValid {
  (task: DepValidTask, users: readonly DepValidTask[], isNotNeeded: (user: DepValidTask) => boolean): boolean;
  /** Where it follows from each user by itself: then users need not be gone through in every build. */
  readonly rule?: DepValidRule;
}

/** A setscene task is not needed if that is so of itself; or else if no user that is itself needed needs it. */
export interface DepValidRule {
  /** Whether the task is needed, whoever uses it; `undefined` if that depends on its users. */
  isNeeded(task: DepValidTask): boolean | undefined;
  isNeededBy(task: DepValidTask, user: DepValidTask): boolean;
}

/** Tasks that are never restored for the sake of others. */
const NEVER_FOR_OTHERS: ReadonlySet<string> = new Set([
  "do_populate_lic",
  "do_deploy_source_date_epoch",
  "do_shared_workdir",
  "do_stash_locale",
  "do_gcc_stash_builddir",
  "do_create_spdx",
  "do_create_recipe_spdx",
  "do_deploy_archives",
]);
const PACKAGE_WRITERS: ReadonlySet<string> = new Set([
  "do_package_write_deb",
  "do_package_write_ipk",
  "do_package_write_rpm",
]);
const PACKAGING: ReadonlySet<string> = new Set([...PACKAGE_WRITERS, "do_packagedata", "do_package", "do_package_qa"]);
const WITHOUT_SYSROOT: ReadonlySet<string> = new Set(["do_package", "do_packagedata", "do_package_qa", "do_deploy"]);

/**
 * OE-Core's function.
 *
 * @param excludedSysroots `user->dependency` pairs of SSTATE_EXCLUDEDEPS_SYSROOT: regular expressions that match from
 *   the start of the recipe names
 */
export function createDepValid(excludedSysroots: readonly string[] = []): DepValid {
  const excluded = excludedSysroots.map((pair) => {
    const [user = "", dependency = ""] = pair.split("->");
    return { user: new RegExp(`^(?:${user})`), dependency: new RegExp(`^(?:${dependency})`) };
  });
  const isExcluded = (user: string, dependency: string): boolean =>
    excluded.some((pair) => pair.user.test(user) && pair.dependency.test(dependency));

  const rule: DepValidRule = {
    isNeeded: ({ task }) => {
      if (NEVER_FOR_OTHERS.has(task)) return false;
      // Meant to look for users that are do_packagedata themselves; BitBake's table of users includes the task.
      return task === "do_packagedata" ? true : undefined;
    },
    isNeededBy: (task, user) => isNeededBy(task, user, isExcluded),
  };
  return Object.assign(byRule(rule), { rule });
}

function byRule({ isNeeded, isNeededBy }: DepValidRule): DepValid {
  return (task, users, isNotNeeded) => {
    const needed = isNeeded(task);
    if (needed !== undefined) return !needed;
    return users.every((user) => isNotNeeded(user) || !isNeededBy(task, user));
  };
}

function isNeededBy(task: DepValidTask, user: DepValidTask, isExcluded: (user: string, task: string) => boolean) {
  const isSysroot = task.task === "do_populate_sysroot";
  if (task.task === "do_package" && PACKAGING.has(user.task)) return false;
  // Packages need sysroots for their postinstall scripts.
  if (isSysroot && PACKAGE_WRITERS.has(user.task)) return true;
  if (isSysroot && WITHOUT_SYSROOT.has(user.task)) return false;
  // There are no packages of native and cross recipes: those tasks are noexec.
  if (isNativeOrCross(user.pn) && PACKAGING.has(user.task)) return false;
  if (isSysroot && user.task === "do_populate_sysroot") {
    if (isExcluded(user.pn, task.pn)) return false;
    if (user.pn === "meta-extsdk-toolchain" || isNativeOrCross(user.pn)) return true;
    return !isNativeOrCross(task.pn) || task.pn === "shadow-native";
  }
  return !NEVER_FOR_OTHERS.has(user.task);
}
