import type { DepId, TaskHash } from "@depid/hash";
import type { StampVariant } from "@depid/sstate";
import type { EndState } from "./event.ts";
import type { TaskHashes } from "./task-hashes.ts";

/** What a build wants done. */
export type BuildEffect =
  /** Whether there are objects of these setscene tasks. To be answered before anything else is told. */
  | { readonly type: "check"; readonly tasks: readonly number[] }
  /** Which depids these taskhashes have. To be answered before anything else is told. */
  | { readonly type: "look-up"; readonly requests: readonly LookUp[] }
  /** That these taskhashes have these depids, if the server has no others. To be answered before anything else is told. */
  | {
      readonly type: "declare";
      readonly rows: readonly { readonly task: number; readonly taskhash: TaskHash; readonly depid: DepId }[];
    }
  /** What the builder is to remember a task by. */
  | { readonly type: "remember"; readonly task: number; readonly taskhash: TaskHash; readonly depid: DepId }
  /** A task became active. To be answered by `finished` in due time. */
  | {
      readonly type: "start";
      readonly task: number;
      readonly variant: StampVariant;
      /** What it reports and stores, whatever happens to its hashes as it runs. */
      readonly hashes: TaskHashes;
      readonly dry: boolean;
      /** Whether it reports its output. */
      readonly reports: boolean;
      /** Of a setscene task: whether an object was found. It is started without one only when tasks wait for each other. */
      readonly valid: boolean;
    }
  | { readonly type: "end"; readonly state: EndState };

/** A task whose depid is wanted: `askable` as in `DepIdRequest` of siggen. */
export interface LookUp {
  readonly task: number;
  readonly taskhash: TaskHash;
  readonly askable: boolean;
}
