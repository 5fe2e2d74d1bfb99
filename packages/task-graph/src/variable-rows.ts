import { sha256Hex } from "@depid/hash";
import type { Variable } from "./variable.ts";

/** A variable in a file: name, text, variables that it names (docs/formats.md). */
export type VariableRow = [name: string, value: string | null, deps: string[]];

/** Variables of a file that is written: each is there once, however many tasks and steps have it. */
export class VariableRows {
  /** By digest: a history has too many texts to keep them all as keys. */
  readonly #positions = new Map<string, number>();
  /** The same by object: tasks that share a variable mostly share the object. */
  readonly #known = new Map<Variable, number>();

  /** How many rows there are so far. */
  get size(): number {
    return this.#positions.size;
  }

  /** @param fresh takes the rows that have to stand in the file before these positions */
  positionsOf(variables: readonly Variable[], fresh: VariableRow[]): number[] {
    return variables.map((variable) => this.#known.get(variable) ?? this.#add(variable, fresh));
  }

  #add(variable: Variable, fresh: VariableRow[]): number {
    const row: VariableRow = [variable.name, variable.value, [...variable.deps]];
    const digest = sha256Hex(JSON.stringify(row));
    let position = this.#positions.get(digest);
    if (position === undefined) {
      position = this.#positions.size;
      this.#positions.set(digest, position);
      fresh.push(row);
    }
    this.#known.set(variable, position);
    return position;
  }
}
