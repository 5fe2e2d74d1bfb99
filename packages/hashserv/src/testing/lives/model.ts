import { parseDepId } from "@depid/hash";
import type { Conditions } from "@depid/hashserv-protocol";
import { chooseDepId } from "../../rule/report-rule.ts";
import type { Change, Step } from "./steps.ts";

interface ModelOutput {
  readonly taskhash: string;
  readonly outhash: string;
  readonly PN: string | undefined;
}

interface ModelRow {
  readonly taskhash: string;
  readonly depid: string;
  readonly mark: string;
}

/** Sections 9 and 10 in plain lists, oldest first: what a storage is held against. */
export class Model {
  outputs: readonly ModelOutput[] = [];
  rows: readonly ModelRow[] = [];
  current: string | undefined;

  /** Another one with the same rows. */
  copy(): Model {
    return Object.assign(new Model(), this);
  }

  /** @returns what a client would be told, as `carryOut` of a storage says it */
  carryOut(step: Step): unknown {
    switch (step.type) {
      case "depid":
        return this.#findDepId(step.taskhash);
      case "exists":
        return this.rows.some(({ depid }) => depid === step.depid);
      case "oldest of task":
        return this.#findJoined((output) => output.taskhash === step.taskhash);
      case "oldest of output":
        return this.#findJoined((output) => output.outhash === step.outhash);
      case "oldest record": {
        const found = this.outputs.find(({ outhash }) => outhash === step.outhash);
        return found && [found.taskhash, found.outhash, undefined];
      }
      default:
        return this.#change(step);
    }
  }

  #change(step: Change): unknown {
    switch (step.type) {
      case "report":
        return this.#report(step.taskhash, step.outhash, step.depid);
      case "equivalence":
        return this.#declare(step.taskhash, step.depid);
      case "remove":
        return this.#remove(step.where);
      case "mark": {
        this.current = step.mark;
        const isChosen = (row: ModelRow) => holds(row, step.where, ["taskhash", "depid", "mark"]);
        const count = this.rows.filter(isChosen).length;
        this.rows = this.rows.map((row) => (isChosen(row) ? { ...row, mark: step.mark } : row));
        return count;
      }
      case "sweep": {
        if (step.mark === "" || this.current !== step.mark) {
          return `'${step.mark}' is not the current mark. Refusing to sweep`;
        }
        this.current = undefined;
        return this.#drop((row) => row.mark !== step.mark);
      }
      case "clean": {
        const before = this.outputs.length;
        this.outputs = this.outputs.filter(({ taskhash }) => this.#findDepId(taskhash) !== undefined);
        return before - this.outputs.length;
      }
    }
  }

  #findDepId(taskhash: string): string | undefined {
    return this.rows.find((row) => row.taskhash === taskhash)?.depid;
  }

  /** The oldest output of those chosen whose taskhash has a depid. */
  #findJoined(isChosen: (output: ModelOutput) => boolean): unknown {
    const found = this.outputs.find((output) => isChosen(output) && this.#findDepId(output.taskhash) !== undefined);
    return found && [found.taskhash, found.outhash, this.#findDepId(found.taskhash)];
  }

  #report(taskhash: string, outhash: string, proposed: string): string {
    const isSame = (other: ModelOutput) => other.taskhash === taskhash && other.outhash === outhash;
    if (!this.outputs.some(isSame)) {
      this.outputs = [...this.outputs, { taskhash, outhash, PN: taskhash === "t0" ? "p" : undefined }];
    }
    const equal = this.outputs
      .filter((other) => other.outhash === outhash && other.taskhash !== taskhash)
      .map((other) => this.#findDepId(other.taskhash))
      .find((found) => found !== undefined);
    return this.#declare(taskhash, chooseDepId(parseDepId(proposed), equal));
  }

  #declare(taskhash: string, depid: string): string {
    const known = this.#findDepId(taskhash);
    if (known === undefined) this.rows = [...this.rows, { taskhash, depid, mark: this.current ?? "" }];
    return known ?? depid;
  }

  #remove(where: Conditions): number {
    const before = this.outputs.length;
    this.outputs = this.outputs.filter((row) => !holds(row, where, ["taskhash", "outhash", "PN"]));
    return before - this.outputs.length + this.#drop((row) => holds(row, where, ["taskhash", "depid", "mark"]));
  }

  #drop(isChosen: (row: ModelRow) => boolean): number {
    const before = this.rows.length;
    this.rows = this.rows.filter((row) => !isChosen(row));
    return before - this.rows.length;
  }
}

function holds(row: object, where: Conditions, columns: readonly (keyof Conditions)[]): boolean {
  const asked = columns.filter((column) => where[column] !== undefined);
  return asked.length > 0 && asked.every((column) => (row as Conditions)[column] === where[column]);
}
