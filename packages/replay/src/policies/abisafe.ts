import { formatTid, hasCross, isNative, isNativesdk, splitTid } from "@depid/hash";
import { createBasicHash } from "@depid/siggen";
import type { Task } from "@depid/task-graph";
import { ABISAFE_PAIRS, ABISAFE_RECIPES } from "./abisafe-defaults.ts";
import { byHash, type Hashes, hashing } from "./parts.ts";
import type { Policy, PolicyContext } from "./policy.ts";
import type { AbisafeOptions } from "./policy-options.ts";

/**
 * `basichash` with lists of dependencies that are not hashed, by the rules of OE-Core (signatures.md section 2, rules 2 to 4 and 6). A capture of OE-Core
 * has what its own lists leave out left out already.
 */
export function abisafe({ recipes = ABISAFE_RECIPES, pairs = ABISAFE_PAIRS }: AbisafeOptions = {}): Policy {
  const stable = new Set(recipes);
  const listed = new Set(pairs);
  return {
    name: "abisafe",
    definition:
      "as basichash, but recipes that are listed as stable are not hashed by others (SIGGEN_EXCLUDERECIPES_ABISAFE, SIGGEN_EXCLUDE_SAFE_RECIPE_DEPS)",
    rebuilder: hashing(byHash(createBasicHash), (context): Hashes => {
      return (task, dependency) => {
        if (task.pn === dependency.pn) return true;
        if (listed.has(`${task.pn}->${dependency.pn}`) || listed.has(`*->${dependency.pn}`)) return false;
        if (isNative(task.pn) || isNativesdk(task.pn) || hasCross(task.pn)) return true;
        return !stable.has(dependency.pn) || isImage(task, context);
      };
    }),
  };
}

/** Whether a recipe makes a root file system: it has the task that does. */
function isImage({ tid }: Task, { find }: Pick<PolicyContext, "find">): boolean {
  return find(formatTid({ ...splitTid(tid), task: "do_rootfs" })) !== undefined;
}
