import type { Variable } from "@depid/task-graph";

/** Gives one object for variables that are equal: nearly all tasks of a build share nearly all of theirs. */
export class VariablePool {
  readonly #known = new Map<string, Map<string | null, Variable[]>>();

  get(name: string, value: string | null, deps: readonly string[]): Variable {
    const byValue = this.#known.get(name) ?? new Map<string | null, Variable[]>();
    const alike = byValue.get(value);
    const known = alike?.find((it) => isSame(it.deps, deps));
    if (known !== undefined) return known;
    const variable: Variable = { name, value, deps };
    if (byValue.size === 0) this.#known.set(name, byValue);
    if (alike === undefined) byValue.set(value, [variable]);
    else alike.push(variable);
    return variable;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
