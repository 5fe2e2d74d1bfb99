import { sha256Hex } from "@depid/hash";
import { z } from "zod";
import type { Variable } from "./variable.ts";

const text = z.string();

/** A variable in a file: name, text, variables that it names (docs/formats.md). */
export const variableField = z.tuple([text, text.nullable(), z.array(text)]);

export type VariableRow = z.output<typeof variableField>;

/** Variables of a file that is read, counted from 0 as they come. Rows that point at one share its object. */
export class VariableTable {
  readonly #variables: Variable[] = [];

  add(rows: readonly VariableRow[]): void {
    for (const [name, value, deps] of rows) this.#variables.push({ name, value, deps });
  }

  /** @throws what `missing` makes of a position that no variable has */
  get(positions: readonly number[], missing: (position: number) => Error): Variable[] {
    return positions.map((at) => {
      const variable = this.#variables[at];
      if (variable === undefined) throw missing(at);
      return variable;
    });
  }
}

/** Variables of a file that is written: each is there once, however many tasks and steps have it. */
export class VariableRows {
  /** By digest: a history has too many texts to keep them all as keys. */
  readonly #positions = new Map<string, number>();
  /** The same by object: tasks that share a variable mostly share the object. */
  readonly #known = new Map<Variable, number>();

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
