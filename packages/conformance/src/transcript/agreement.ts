/** Values of the recording's variables, as found so far: the same variable stands for the same value throughout. */
export type Variables = Map<string, unknown>;

const VARIABLE = /^@\{(\w+)\}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/;
const TOKEN = /^[A-Za-z0-9._]{64}$/;
/** Numbers that differ from run to run. */
const VOLATILE = new Set(["id", "num", "total_time", "max_time", "average", "stdev", "tasks"]);
/** Lists whose order does not matter. */
const UNORDERED = new Set(["columns", "users"]);

/** Whether what a server sent agrees with what was recorded: as JSON if both are, else as text. */
export function agree(recorded: string, found: string, variables: Variables, strictCount: boolean): boolean {
  const [wanted, given] = [parse(recorded), parse(found)];
  if (wanted === undefined || given === undefined) return recorded === found;
  return sameValue(wanted.value, given.value, "", { variables, strictCount });
}

interface Rules {
  readonly variables: Variables;
  readonly strictCount: boolean;
}

function sameValue(wanted: unknown, given: unknown, key: string, rules: Rules): boolean {
  if (VOLATILE.has(key) && typeof wanted === "number" && !(key === "num" && rules.strictCount)) {
    return typeof given === "number";
  }
  if (typeof wanted === "string") return sameText(wanted, given, rules.variables);
  if (Array.isArray(wanted)) {
    if (!Array.isArray(given) || given.length !== wanted.length) return false;
    const [one, two] = UNORDERED.has(key) ? [sorted(wanted), sorted(given)] : [wanted, given];
    return one.every((item, i) => sameValue(item, two[i], "", rules));
  }
  if (typeof wanted !== "object" || wanted === null) return wanted === given;
  if (typeof given !== "object" || given === null || Array.isArray(given)) return false;
  const others = key === "usage" ? [] : Object.keys(given).filter((name) => !Object.hasOwn(wanted, name));
  return (
    others.length === 0 &&
    Object.entries(wanted).every(([name, value]) =>
      sameValue(value, (given as Record<string, unknown>)[name], name, rules),
    )
  );
}

function sameText(wanted: string, given: unknown, variables: Variables): boolean {
  const name = VARIABLE.exec(wanted)?.[1];
  if (name === undefined) return wanted === given;
  if (!variables.has(name)) {
    if (typeof given !== "string" || !(name.startsWith("tok") ? TOKEN : TIME).test(given)) return false;
    variables.set(name, given);
  }
  return variables.get(name) === given;
}

function sorted(list: readonly unknown[]): readonly unknown[] {
  return list
    .map((item) => JSON.stringify(item))
    .sort()
    .map((json) => JSON.parse(json));
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
