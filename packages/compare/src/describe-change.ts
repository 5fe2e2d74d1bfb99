import { isNostampTaint } from "@depid/hash";
import type { Cause } from "./cause.ts";
import type { ChangeClass } from "./classify.ts";
import type { OwnChange } from "./own-change.ts";
import { diffTexts, printable, type TextDiff } from "./text-diff.ts";
import { findExclusion, formatExclusion } from "./variable-way.ts";

/** A change in words: what kind of input, its name, what became of it. */
export interface ChangeWords {
  /** Such as `function`. */
  readonly what: string;
  /** Name of the variable, file or task; "" if there is none. */
  readonly name: string;
  /** Such as `was added`. */
  readonly how: string;
}

export function describeChange(change: OwnChange): ChangeWords {
  switch (change.kind) {
    case "variable":
      return {
        what: change.isFunction ? "function" : "variable",
        name: printable(change.name),
        how: HOW[change.change],
      };
    case "metadata":
      return {
        what: "metadata",
        name: "",
        how: "gives another basehash; which variables is not recorded on both sides",
      };
    case "file":
      return { what: "file", name: printable(change.name), how: HOW[change.change] };
    case "taint":
      if (isNostampTaint(change.before) && isNostampTaint(change.after))
        return { what: "nostamp", name: "", how: "task: it runs in every build, with another taint each time" };
      return { what: "taint", name: "", how: `${quoted(change.before)} became ${quoted(change.after)}` };
    case "dependency":
      return { what: "hash dependency", name: printable(change.name), how: HOW[change.change] };
    case "order":
      return { what: change.of, name: "", how: "are hashed in another order" };
    case "unknown inputs":
      return {
        what: "unknown inputs",
        name: printable(change.name),
        how: "has another depid; no signature file for it",
      };
    case "other depid":
      return {
        what: "depid of",
        name: printable(change.name),
        how: `is another one, though its taskhash is the same${change.byLock ? ": a lock gives it, here or there" : change.notAtHand ? ": what entered is not of the signatures at hand, as when a task ran again since, was rehashed, or is nostamp and writes none" : ""}`,
      };
    case "unexplained":
      return { what: "unexplained", name: "", how: "another taskhash, though all that is recorded is the same" };
  }
}

const HOW = {
  added: "was added",
  removed: "was removed",
  text: "has another text",
  dependencies: "names other variables",
  checksum: "has another checksum",
} as const;

/**
 * How a variable gets into the hash, where it is not the task itself that names it; and of the time of the build, what keeps it out. A
 * sentence each.
 */
export function describeWay(way: readonly string[] | undefined, { name }: ChangeClass): string[] {
  if (way === undefined) return [];
  const exclusion = name === "clock" ? findExclusion(way) : undefined;
  return [
    ...(way.length > 2 ? [`way: ${way.map(printable).join(" -> ")}`] : []),
    ...(name === "clock" ? ["time of the build: never reproducible"] : []),
    ...(exclusion === undefined ? [] : [`kept out of the hash by ${printable(formatExclusion(exclusion))}`]),
  ];
}

/** What a change looks like before and after; `undefined` if there is nothing to see. */
export function diffOf(change: OwnChange, limit: number): TextDiff | undefined {
  switch (change.kind) {
    case "variable":
      return change.change === "dependencies"
        ? diffTexts(change.before?.deps.join("\n"), change.after?.deps.join("\n"), { limit })
        : diffTexts(change.before?.value ?? undefined, change.after?.value ?? undefined, { limit });
    case "file":
    case "unknown inputs":
    case "other depid":
      return diffTexts(change.before, change.after, { limit });
    default:
      return undefined;
  }
}

/** A change with what it looks like, indented as an item of a list. @param way what `describeWay` says of it */
export function changeLines(change: OwnChange, limit: number, way: readonly string[] = []): string[] {
  const { what, name, how } = describeChange(change);
  const diff = diffOf(change, limit);
  return [
    `  - ${[what, name, how].filter((word) => word !== "").join(" ")}`,
    ...way.map((line) => `    ${line}`),
    ...(diff?.lines ?? []).map((line) => `      ${line}`),
    ...(diff !== undefined && diff.left > 0 ? [`      … ${counted(diff.left, "more line")}`] : []),
  ];
}

/** What a cause is called: the recipe, or what changed first and how much more. */
export function titleOf({ recipe, changes }: Cause): {
  readonly what: string;
  readonly name: string;
  readonly more: string;
} {
  if (recipe !== undefined) return { what: "recipe", name: printable(recipe), more: "" };
  const [first] = changes;
  const { what, name } = first === undefined ? { what: "nothing", name: "" } : describeChange(first.change);
  return { what, name, more: changes.length > 1 ? ` and ${changes.length - 1} more` : "" };
}

/** Such as `version upgrade, likely propagating`. */
export function describeClass({ name, sure, suggests }: ChangeClass): string {
  if (suggests === undefined) return name === "unknown" ? "of unknown kind" : name;
  return `${name}, ${sure === "likely" ? "likely" : "perhaps"} ${suggests}`;
}

/** A whole number with commas: `12,345`. */
export function grouped(value: number | bigint): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** `1 task`, `2 tasks`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${grouped(value)} ${value === 1 ? one : many}`;
}

/** Some names, and how many more there are. */
export function someOf(names: readonly string[], limit: number): string {
  const more = names.length - limit;
  return `${names.slice(0, limit).map(printable).join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
}

function quoted(text: string | undefined): string {
  return text === undefined ? "none" : printable(JSON.stringify(text));
}
