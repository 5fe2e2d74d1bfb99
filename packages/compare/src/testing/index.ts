import { type DepId, depIdOf, sha256Hex } from "@depid/hash";
import { taskHashInput, taskHashOf } from "@depid/siggen";
import type { Capture, CapturedTask, Variable } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";

/** What a test says of a task of a capture; the rest is made up, and the hashes follow. */
export interface CapturedSketch extends Omit<TaskSketch, "deps" | "variables"> {
  /** Names (`pn:task`) of the dependencies; those that the capture does not have enter with a made-up depid. */
  readonly deps?: readonly string[];
  /** Text by name, or text and the variables it names; `undefined`: not recorded. The task's own text belongs to it. */
  readonly variables?: Readonly<
    Record<string, string | null | readonly [text: string | null, deps: readonly string[]]>
  >;
  /** Text whose digest the server gave as depid; `undefined`: the depid is the taskhash. */
  readonly depid?: string;
  /** Text that made the depids of dependencies that the capture does not have. */
  readonly unknownDepids?: string;
}

/** A capture from names (`pn:task`) and sketches, each below those that depend on it; hashed as BitBake does. */
export function sketchCapture(sketches: Readonly<Record<string, CapturedSketch>>): Capture {
  const depids = new Map<string, DepId>();
  const tasks: CapturedTask[] = [];
  for (const [name, { variables, depid: given, unknownDepids = "", ...sketch }] of Object.entries(sketches)) {
    const known = variables === undefined ? undefined : variablesOf(variables);
    const draft = sketchTask(name, {
      ...(known === undefined ? {} : { basehash: basehashOf(basehashText(name.split(":")[1] ?? "", known)) }),
      ...sketch,
    });
    const hashedDepids = draft.hashdeps.map(
      (tid) => depids.get(tid) ?? (sha256Hex(`${tid} ${unknownDepids}`) as string as DepId),
    );
    const taskhash = taskHashOf(taskHashInput(draft, hashedDepids));
    const depid = given === undefined ? depIdOf(taskhash) : (sha256Hex(given) as string as DepId);
    depids.set(draft.tid, depid);
    tasks.push({ ...draft, taskhash, depid, hashedDepids, variables: known });
  }
  return { header: { origin: {}, unknown: [], assumed: [] }, tasks };
}

function variablesOf(sketch: NonNullable<CapturedSketch["variables"]>): Variable[] {
  return Object.keys(sketch)
    .sort()
    .map((name) => {
      const it = sketch[name] as NonNullable<CapturedSketch["variables"]>[string];
      return it === null || typeof it === "string"
        ? { name, value: it, deps: [] }
        : { name, value: it[0], deps: [...it[1]].sort() };
    });
}

/** What a basehash is the digest of (signatures.md section 1). */
function basehashText(task: string, variables: readonly Variable[]): string {
  const own = variables.find((it) => it.name === task)?.value ?? "";
  return (
    own +
    variables
      .filter((it) => it.name !== task)
      .map(({ name, value }) => name + (value ?? ""))
      .join("")
  );
}
