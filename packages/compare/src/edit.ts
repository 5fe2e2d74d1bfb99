import type { VariableChange } from "./own-change.ts";
import { editOf } from "./text-diff.ts";

/** Numbers for changes of variables, so that equal ones are found without comparing long texts again and again. */
export class Edits {
  readonly #texts = new Map<string | null | undefined, number>();
  readonly #pairs = new Map<string, number>();
  readonly #edits = new Map<string, number>();
  readonly #editOfPair: number[] = [];

  /** Equal for changes with the same text before and the same after. */
  textsOf({ before, after }: VariableChange): number {
    return numberOf(this.#pairs, `${this.#text(before?.value)} ${this.#text(after?.value)}`);
  }

  /** Equal for changes that take the same away and put the same there. */
  editOf(change: VariableChange): number {
    const pair = this.textsOf(change);
    const known = this.#editOfPair[pair];
    if (known !== undefined) return known;
    const { before, after } = change;
    const edit = numberOf(this.#edits, editOf(before?.value ?? undefined, after?.value ?? undefined));
    this.#editOfPair[pair] = edit;
    return edit;
  }

  #text(text: string | null | undefined): number {
    return numberOf(this.#texts, text);
  }
}

function numberOf<T>(numbers: Map<T, number>, key: T): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
