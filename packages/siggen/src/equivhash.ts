import { type DepId, depIdOf } from "@depid/hash";
import { createBasicHash } from "./basic.ts";
import { createTaskCache, type DepIdCache } from "./depid-cache.ts";
import type { DepIdRequest, DepIdSource, SignatureGenerator } from "./signature-generator.ts";

export interface EquivHashOptions {
  /** The server. */
  readonly source: DepIdSource;
  /** Output hash method: the name space of taskhashes on the server. */
  readonly method: string;
  /** Decides the taskhash. Default: basichash. */
  readonly base?: SignatureGenerator;
  /** The builder's memory of answers. Default: an empty one of BitBake's kind. */
  readonly cache?: DepIdCache;
}

/**
 * `equivhash`: the depid is the server's answer for the taskhash; stamps and sstate objects are named by it. A task the server
 * does not know has its taskhash as depid, and that is remembered as well (runqueue.md section 3; the RFC's `get_depid`).
 */
export function createEquivHash(options: EquivHashOptions): SignatureGenerator {
  const { source, method, base = createBasicHash(), cache = createTaskCache() } = options;
  return {
    name: "equivhash",
    stampHash: "depid",
    taskhash: (input) => base.taskhash(input),
    async depids(tasks) {
      const known = tasks.map((task) => (task.askable ? cache.find(task) : depIdOf(task.taskhash)));
      const unknown = tasks.filter((_task, i) => known[i] === undefined);
      if (unknown.length === 0) return known as DepId[];
      const answers = await source.getDepIds(unknown.map(({ taskhash }) => ({ method, taskhash })));
      const asked = new Map(unknown.map((task, i) => [task, answers[i] ?? depIdOf(task.taskhash)] as const));
      for (const [task, depid] of asked) cache.store(task, depid);
      return tasks.map((task: DepIdRequest, i) => known[i] ?? asked.get(task) ?? depIdOf(task.taskhash));
    },
  };
}
