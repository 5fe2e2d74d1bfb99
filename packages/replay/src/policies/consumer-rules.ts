import { type DepId, parseDepId, sha256Hex, taskName } from "@depid/hash";
import { compileShellPattern } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import { type Level, levelText } from "./level.ts";
import { following } from "./parts.ts";
import type { Rebuilder } from "./policy.ts";
import type { ConsumerOptions } from "./policy-options.ts";

/** What consumers say of the recipes whose outputs they use. */
export interface ConsumerRules {
  /** What a task looks at in the output of a dependency; `undefined` if it has said nothing of it. */
  levelOf(task: Task, dependency: Task): Level | undefined;
  /** Whether anybody says anything of what this task makes. */
  isParent(task: Task): boolean;
}

/** The first rule that matches decides. It says nothing of a recipe's own tasks, nor of what cannot be restored: that has no report. */
export function compileConsumerRules(consumers: readonly ConsumerOptions[]): ConsumerRules {
  const rules = consumers.map(({ consumer, parents, level = "output" }) => ({
    consumer: compileShellPattern(consumer),
    parents: parents.map(compileShellPattern),
    level,
  }));
  const matches = (patterns: readonly RegExp[], { pn }: Task): boolean => patterns.some((it) => it.test(pn));
  return {
    levelOf(task, dependency) {
      if (task.pn === dependency.pn || !dependency.setscene) return undefined;
      return rules.find((rule) => rule.consumer.test(task.pn) && matches(rule.parents, dependency))?.level;
    },
    isParent: (task) => rules.some((rule) => matches(rule.parents, task)),
  };
}

/** Hashes as another one, but of some dependencies, in place of their depid, what is to be seen of their output. */
export function seeing(rebuilder: Rebuilder, levelOf: ConsumerRules["levelOf"]): Rebuilder {
  return {
    ...following("anything", rebuilder),
    createGenerator(context) {
      const { find, outputOf } = context;
      const base = rebuilder.createGenerator(context);
      return {
        ...base,
        taskhash(input) {
          const task = find(input.tid);
          const depids = input.hashdeps.map((tid, i): DepId => {
            const depid = input.depids[i] as DepId;
            const dependency = find(tid);
            const level = task && dependency && levelOf(task, dependency);
            const output = level && outputOf(tid);
            if (dependency === undefined || level === undefined || output === undefined) return depid;
            const seen = [level, taskName(dependency), levelText(level, dependency, output)];
            return parseDepId(sha256Hex(seen.join("\n")));
          });
          return base.taskhash({ ...input, depids });
        },
      };
    },
  };
}
