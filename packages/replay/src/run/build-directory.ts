import {
  type BuilderState,
  createBuilder,
  type SimulatedBuild,
  type StampNumbering,
  StampSheet,
} from "@depid/runqueue";

/** A build directory between builds: as a simulated build leaves it, or a direct one; either is made of the other when it is asked for. */
export class BuildDirectory {
  readonly #left: Pick<SimulatedBuild, "builder"> | StampSheet | undefined;

  /** @param left by the last build; `undefined`: it is empty */
  constructor(left?: Pick<SimulatedBuild, "builder"> | StampSheet) {
    this.#left = left;
  }

  /** For a build that is simulated. */
  get builder(): BuilderState {
    const left = this.#left;
    if (left === undefined) return createBuilder();
    return left instanceof StampSheet ? left.toBuilder() : left.builder;
  }

  /** A copy for a build that goes directly; `undefined` where the directory holds what no sheet can say. */
  sheet(numbering: StampNumbering): StampSheet | undefined {
    const left = this.#left;
    if (left === undefined) return StampSheet.create(numbering);
    return left instanceof StampSheet ? left.copy() : StampSheet.of(left.builder, numbering);
  }
}
