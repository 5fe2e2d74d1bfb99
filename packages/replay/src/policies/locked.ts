import { type TaskHash, taskName } from "@depid/hash";
import { createBasicHash } from "@depid/siggen";
import { compileShellPattern } from "@depid/sstate";
import { byHash } from "./parts.ts";
import type { Policy, Rebuilder } from "./policy.ts";
import type { LockedOptions } from "./policy-options.ts";

/**
 * `basichash` with locked signatures (SIGGEN_LOCKEDSIGS, signatures.md section 2): a locked task has the listed hash whatever becomes of it, and its
 * dependents hash that.
 */
export function locked({ recipes = [], signatures = {} }: LockedOptions = {}): Policy {
  const patterns = recipes.map(compileShellPattern);
  return {
    name: "locked",
    definition:
      "as basichash, but listed tasks keep a hash that was written down once (SIGGEN_LOCKEDSIGS): what changes in or below them reruns nothing",
    rebuilder: locking(byHash(createBasicHash), new Map(Object.entries(signatures)), (pn) =>
      patterns.some((it) => it.test(pn)),
    ),
  };
}

/**
 * @param listed hashes by task, `[mc:config:]pn:task`
 * @param isLocked whether the tasks of a recipe keep the hash that they had when they were first seen
 */
function locking(
  rebuilder: Rebuilder,
  listed: ReadonlyMap<string, TaskHash>,
  isLocked: (pn: string) => boolean,
): Rebuilder {
  return {
    ...rebuilder,
    createGenerator(context) {
      const base = rebuilder.createGenerator(context);
      const kept = new Map(listed);
      return {
        ...base,
        name: "locked",
        taskhash(input) {
          const task = context.find(input.tid);
          const name = task === undefined ? input.tid : taskName(task);
          const known = kept.get(name);
          if (known !== undefined) return known;
          const taskhash = base.taskhash(input);
          if (task !== undefined && isLocked(task.pn)) kept.set(name, taskhash);
          return taskhash;
        },
      };
    },
  };
}
