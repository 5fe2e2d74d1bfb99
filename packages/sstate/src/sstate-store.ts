/** An sstate object as a simulated build sees it. */
export interface SstateObject {
  /** From `formatObjectName`, or any other naming a policy chooses. */
  readonly name: string;
  /** What it holds: an opaque digest given by the outcome model. A replay compares it with the truth to find stale reuse. */
  readonly content: string;
}

/**
 * The sstate cache as the run queue knows it. Batched: one call for all tasks that are asked about together, since
 * a store may be a directory on a network. Every implementation passes `describeSstateStore` of `@depid/sstate/testing`.
 */
export interface SstateStore {
  /** Whether there are objects of these names, in the order asked. */
  has(names: readonly string[]): Promise<readonly boolean[]>;
  /** The objects of these names, in the order asked; `undefined` where there is none. */
  find(names: readonly string[]): Promise<readonly (SstateObject | undefined)[]>;
  /**
   * Stores objects in this order. An object whose name exists is not written again: BitBake touches it, and it keeps
   * its content (signatures.md section 5).
   */
  put(objects: readonly SstateObject[]): Promise<readonly ("new" | "kept")[]>;
  /** Removes the objects of these names. Names without an object are passed over. */
  remove(names: readonly string[]): Promise<void>;
  /** All names, by code point. */
  list(): Promise<readonly string[]>;
}
