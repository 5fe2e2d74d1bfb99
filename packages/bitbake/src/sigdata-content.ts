import { type BaseHash, byCodePoint, sha256Hex } from "@depid/hash";
import type { Variable } from "@depid/task-graph";
import type { Sigdata, SigdataHash } from "./sigdata.ts";
import { baseHashText, checkHashes, type WrongHash } from "./sigdata-check.ts";
import type { VariablePool } from "./variable-pool.ts";

/** What a capture needs of a signature file. */
export interface SigdataContent {
  /** Task name, with `do_`. */
  readonly task: string;
  /** As the file states it. */
  readonly basehash: BaseHash;
  /** What comes out of the variables that the file holds. */
  readonly ownBasehash: BaseHash;
  /** As `Sigdata` has it. */
  readonly hashed: SigdataHash | undefined;
  /** The hashes that it states and that are not those of what it holds: found out once, however many tasks and builds have the file. */
  readonly wrong: readonly WrongHash[];
  /** By code point of the name; the task itself names those of which no other variable tells that it names them. */
  readonly variables: readonly Variable[];
  /** Whether the task can be restored from sstate. */
  readonly setscene: boolean;
}

/** OE-Core runs this function after each task that can be restored from sstate, and so it is among the task's variables. */
export const SSTATE_POSTFUNC = "sstate_task_postfunc";

/** What a capture needs of a signature file that was read whole. */
export function contentOf(sigdata: Sigdata, pool: VariablePool): SigdataContent {
  const { task, basehash, hashed, varvals } = sigdata;
  const ownBasehash = sha256Hex(baseHashText(sigdata)) as string as BaseHash;
  return {
    task,
    basehash,
    ownBasehash,
    hashed,
    wrong: checkHashes(sigdata, ownBasehash),
    variables: variablesOf(sigdata, pool),
    setscene: varvals.has(SSTATE_POSTFUNC),
  };
}

function variablesOf({ task, taskdeps, gendeps, varvals }: Sigdata, pool: VariablePool): Variable[] {
  const named = new Set<string>();
  for (const [variable, deps] of gendeps) for (const dep of deps) if (dep !== variable) named.add(dep);
  const variables: Variable[] = [];
  for (const [name, value] of varvals) {
    const deps = name === task ? taskdeps.filter((dep) => !named.has(dep)) : (gendeps.get(name) ?? []);
    variables.push(pool.get(name, value, deps));
  }
  return variables.sort((a, b) => byCodePoint(a.name, b.name));
}
