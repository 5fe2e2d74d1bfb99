import { byCodePoint, formatTid, isNativeOrCross, parseBaseHash, sha256Hex, type Tid } from "@depid/hash";
import { formatHashFn } from "@depid/sstate";
import type { Task, Variable } from "@depid/task-graph";

/** A task as a scenario draws it, with all names whole. */
export interface DrawnTask {
  /** `PN:TASK`. */
  readonly name: string;
  readonly recipe: string;
  readonly task: string;
  /** PV. */
  readonly version: string;
  /** The recipe's file, which keeps its name when PV changes within it. */
  readonly file: string;
  /** Tasks that are hashed, and run first. */
  readonly needs: readonly string[];
  /** Tasks that run first, and are not hashed. */
  readonly after: readonly string[];
  /** Tasks that are hashed, and need not run first. */
  readonly hashes: readonly string[];
  /** Of `needs`, those that pass through the output unseen. */
  readonly passesOn: readonly string[];
  readonly setscene: boolean;
  /** Commands of a shell, which are its function; `undefined`: what it does is only said. */
  readonly run: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** What a step changes of a task; variables and files that are not named stay. */
export interface ChangedTask
  extends Pick<DrawnTask, "name">,
    Partial<Pick<DrawnTask, "run" | "variables" | "files" | "needs" | "hashes">> {}

/** Tid of a task that is drawn. */
export function tidOfDrawn({ file, task }: DrawnTask): Tid {
  return formatTid({ config: "", recipeFile: file, task });
}

/** The row of a task, as a recording of BitBake would have it. @param find a task by its name */
export function drawTask(drawn: DrawnTask, find: (name: string) => DrawnTask): Task {
  const { recipe, task, version, needs, after, hashes, setscene, files } = drawn;
  const variables = variablesOf(drawn);
  const tidsOf = (names: readonly string[]): Tid[] =>
    [...new Set(names)].sort(byCodePoint).map((name) => tidOfDrawn(find(name)));
  const native = isNativeOrCross(recipe);
  const arch = native ? "x86_64-linux" : "core2-64-oe-linux";
  return {
    tid: tidOfDrawn(drawn),
    pn: recipe,
    task,
    version: `:${version}-r0`,
    basehash: parseBaseHash(sha256Hex(textOf(task, variables))),
    hashdeps: tidsOf([...needs, ...hashes]),
    execdeps: tidsOf([...needs, ...after]),
    harddeps: [],
    files: Object.keys(files)
      .sort(byCodePoint)
      .map((name) => [name, sha256Hex(`${name} ${files[name]}`)]),
    taint: undefined,
    setscene,
    nostamp: false,
    noexec: false,
    stamp: `${arch}/${recipe}/${version}`,
    stampExtra: "",
    hashfn: formatHashFn({
      inDistributionDirectory: native,
      pkgSpec: `sstate:${recipe}:${arch}:${version}:r0:${arch.split("-")[0]}:14:`,
      swSpec: `sstate:${recipe}::${version}:r0::14:`,
    }),
    variables,
  };
}

/** What the task's own function is made of, and what it names. A function that the scenario says nothing of tells recipe and task, so that no two tasks are alike. */
function variablesOf({ name, task, run, variables }: DrawnTask): readonly Variable[] {
  const all = { [task]: run ?? `    : ${name}\n`, ...variables };
  const names = Object.keys(all).sort(byCodePoint);
  return names.map((it) => ({
    name: it,
    value: all[it] ?? null,
    deps: it === task ? names.filter((other) => other !== task) : [],
  }));
}

/** As a basehash is made: the task's text, then name and text of each variable (signatures.md section 1). */
function textOf(task: string, variables: readonly Variable[]): string {
  const own = variables.find(({ name }) => name === task)?.value ?? "";
  return own + variables.flatMap(({ name, value }) => (name === task ? [] : [name, value ?? ""])).join("");
}
