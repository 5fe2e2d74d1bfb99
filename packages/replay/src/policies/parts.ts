import { parseOutHash, sha256Hex } from "@depid/hash";
import { createEquivHash, createTaskCache, type DepIdCache, type SignatureGenerator } from "@depid/siggen";
import { parseHashFn, sstateTaskOf } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import { outHashOf } from "../outhash.ts";
import { type Level, levelText } from "./level.ts";
import type { PolicyContext, Rebuilder, Reporter } from "./policy.ts";

/** Reuses what has the hash that a generator computes from the capture alone. */
export function byHash(createGenerator: () => SignatureGenerator): Rebuilder {
  return { reuses: true, follows: "capture", createMemory: createTaskCache, createGenerator };
}

/** Reuses what has the depid that the server gives. @param createMemory how a builder remembers the answers */
export function byDepId(createMemory: () => DepIdCache = createTaskCache): Rebuilder {
  return {
    reuses: true,
    follows: "answers",
    digests: true,
    createMemory,
    createGenerator: ({ service, method, memory }: PolicyContext) =>
      createEquivHash({ source: service, method, cache: memory }),
  };
}

/** Hashes as another one, and reuses nothing. */
export function reusingNothing(rebuilder: Rebuilder): Rebuilder {
  return { ...rebuilder, reuses: false };
}

/** The same, where less is known of what hashes follow from. */
export function following(follows: Rebuilder["follows"], rebuilder: Rebuilder): Rebuilder {
  return { ...rebuilder, follows };
}

/** The same without a memory: each build asks for all that it needs to know, and nobody remembers that something was not known. */
export function forgetting(rebuilder: Rebuilder): Rebuilder {
  return following("anything", { ...rebuilder, createMemory: () => ({ find: () => undefined, store: () => {} }) });
}

/** Whether a task hashes a dependency of its capture. */
export type Hashes = (task: Task, dependency: Task) => boolean;

/** Hashes as another one, but only those dependencies that a rule names. What is left out is still run first. */
export function hashing(rebuilder: Rebuilder, createRule: (context: PolicyContext) => Hashes): Rebuilder {
  return {
    ...rebuilder,
    createGenerator(context) {
      const { find } = context;
      const base = rebuilder.createGenerator(context);
      const isHashed = createRule(context);
      return {
        ...base,
        taskhash(input) {
          const { hashdeps, depids } = input;
          const task = find(input.tid);
          const kept = hashdeps.map((tid) => {
            const dependency = find(tid);
            return task === undefined || dependency === undefined || isHashed(task, dependency);
          });
          if (!kept.includes(false)) return base.taskhash(input);
          const isKept = (_: unknown, i: number): boolean => kept[i] === true;
          return base.taskhash({ ...input, hashdeps: hashdeps.filter(isKept), depids: depids.filter(isKept) });
        },
      };
    },
  };
}

/** Each finished task reports its output, as BitBake's do. */
export const everyTask: Reporter = { outHashOf };

/** Each finished task reports what is to be seen of its output at a level: that, the name of the object without its hash, and nothing beside the output. */
export function reportingLevel(level: Level): Reporter {
  return {
    outHashOf(task, content, { names }) {
      const { pkgSpec } = parseHashFn(task.hashfn);
      const named = level === "output" && names !== undefined ? [names] : [];
      const lines = [level, pkgSpec, sstateTaskOf(task.task), levelText(level, task, content), ...named];
      return parseOutHash(sha256Hex(lines.join("\n")));
    },
  };
}
