import { type DepId, depIdOf, type TaskHash, type Tid } from "@depid/hash";
import type { DepIdRequest, SignatureGenerator } from "./signature-generator.ts";

/** What `locked-sigs.inc` says, by task. */
export interface LockedSignatures {
  /** SIGGEN_LOCKEDSIGS: the taskhash that a task has whatever it does. */
  readonly taskhashes: ReadonlyMap<Tid, TaskHash>;
  /** SIGGEN_UNIHASHMAP: the depid of a task for a taskhash. */
  readonly depids?: ReadonlyMap<Tid, ReadonlyMap<TaskHash, DepId>>;
}

/**
 * A generator with locked signatures: taskhash and depid of a locked task are the listed value, and of a task in the map the depid is
 * the listed one for its taskhash (signatures.md section 2). All others are the base generator's. A locked task reports nothing: the run
 * queue is told by its rule `locked`.
 */
export function lockSignatures(base: SignatureGenerator, { taskhashes, depids }: LockedSignatures): SignatureGenerator {
  const findListed = ({ task, taskhash }: DepIdRequest): DepId | undefined =>
    taskhashes.has(task.tid) ? depIdOf(taskhash) : depids?.get(task.tid)?.get(taskhash);
  return {
    name: base.name,
    stampHash: base.stampHash,
    taskhash: (input) => taskhashes.get(input.tid) ?? base.taskhash(input),
    async depids(tasks) {
      const listed = tasks.map(findListed);
      const asked = tasks.filter((_task, i) => listed[i] === undefined);
      const answers = (await base.depids(asked)).values();
      return listed.map((depid) => depid ?? (answers.next().value as DepId));
    },
  };
}
