import { z } from "zod";
import type { Variable } from "../variable.ts";
import type { VariableRow } from "../variable-rows.ts";

const text = z.string();

/** A variable in a file: name, text, variables that it names (docs/formats.md). */
export const variableField: z.ZodType<VariableRow> = z.tuple([text, text.nullable(), z.array(text)]);

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
