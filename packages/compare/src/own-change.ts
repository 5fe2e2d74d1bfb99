import type { DepId } from "@depid/hash";
import type { Variable } from "@depid/task-graph";

/**
 * One change of what a task itself hashes, as against what came through a dependency that is known on both sides. The last
 * three kinds are ends of what the captures know: they are causes too, so that no changed task is left without one.
 */
export type OwnChange =
  | VariableChange
  | MetadataChange
  | FileChange
  | TaintChange
  | DependencyListChange
  | OrderChange
  | UnknownInputsChange
  | OtherDepIdChange
  | UnexplainedChange;

/** Another variable or function in the basehash. `dependencies`: its text is the same, but it names other variables. */
export interface VariableChange {
  readonly kind: "variable";
  readonly name: string;
  readonly change: "added" | "removed" | "text" | "dependencies";
  readonly before: Variable | undefined;
  readonly after: Variable | undefined;
  /** Whether the captures say that it is a function. */
  readonly isFunction: boolean;
}

/** Another basehash, when the variables are not known on both sides. */
export interface MetadataChange {
  readonly kind: "metadata";
}

/** Another input file. `checksum`: another content under the same name. Files that are missing are not hashed and count as absent. */
export interface FileChange {
  readonly kind: "file";
  readonly name: string;
  readonly change: "added" | "removed" | "checksum";
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface TaintChange {
  readonly kind: "taint";
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A hash dependency more or less. */
export interface DependencyListChange {
  readonly kind: "dependency";
  /** Name of the dependency. */
  readonly name: string;
  readonly change: "added" | "removed";
  /** Whether it is a task of the same recipe. */
  readonly sameRecipe: boolean;
}

/** The same files, or the same dependencies, hashed in another order. */
export interface OrderChange {
  readonly kind: "order";
  readonly of: "files" | "dependencies";
}

/** A dependency entered with another depid, and at least one capture does not have the dependency. */
export interface UnknownInputsChange {
  readonly kind: "unknown inputs";
  /** Name of the dependency. */
  readonly name: string;
  readonly before: DepId;
  readonly after: DepId;
}

/** A dependency entered with another depid though its taskhash is the same: a server's answer, a build that rehashed, or a lock. */
export interface OtherDepIdChange {
  readonly kind: "other depid";
  /** Name of the dependency. */
  readonly name: string;
  /** There where a lock gives the depid, on one side at least. */
  readonly byLock?: true;
  /** There where a depid as it entered is not that of the dependency in its capture: it ran again since, was rehashed, or wrote no signatures. */
  readonly notAtHand?: true;
  readonly before: DepId;
  readonly after: DepId;
}

/** All that is recorded is the same, and yet the taskhash is another: a locked signature, or a capture that is not exact. */
export interface UnexplainedChange {
  readonly kind: "unexplained";
}
