import { type BaseHash, formatTid, parseBaseHash, sha256Hex, type Tid } from "@depid/hash";
import type { Task } from "../task.ts";
import { TaskGraph } from "../task-graph.ts";

/** What a test says of a task; the rest is made up. */
export interface TaskSketch extends Partial<Omit<Task, "hashdeps" | "execdeps">> {
  /** Names (`pn:task`) of the dependencies, both hashed and run first. */
  readonly deps?: readonly string[];
}

/** Tid of `pn:task` in the graphs below. */
export function tidOf(name: string): Tid {
  const [pn = "", task = ""] = name.split(":");
  return formatTid({ config: "", recipeFile: `${pn}.bb`, task });
}

/** A basehash for text. */
export function basehashOf(text: string): BaseHash {
  return parseBaseHash(sha256Hex(text));
}

/** A whole task from its name (`pn:task`) and what matters to the test. */
export function sketchTask(name: string, { deps = [], ...rest }: TaskSketch = {}): Task {
  const [pn = "", task = ""] = name.split(":");
  const sorted = [...deps].sort();
  return {
    tid: tidOf(name),
    pn,
    task,
    version: ":1.0-r0",
    basehash: basehashOf(name),
    hashdeps: sorted.map(tidOf),
    execdeps: sorted.map(tidOf),
    harddeps: [],
    files: [],
    taint: undefined,
    setscene: false,
    nostamp: false,
    noexec: false,
    stamp: `all-oe-linux/${pn}/1.0`,
    stampExtra: "",
    hashfn: `False sstate:${pn}:all-oe-linux:1.0:r0:all:14: sstate:${pn}::1.0:r0::14:`,
    ...rest,
  };
}

/** A graph from names (`pn:task`) and sketches. */
export function sketchGraph(sketches: Readonly<Record<string, TaskSketch>>): TaskGraph {
  return new TaskGraph(Object.entries(sketches).map(([name, sketch]) => sketchTask(name, sketch)));
}

/** `a:do_x -> b:do_x -> c:do_x`: each hashes the one before. */
export function chain(): TaskGraph {
  return sketchGraph({ "a:do_x": {}, "b:do_x": { deps: ["a:do_x"] }, "c:do_x": { deps: ["b:do_x"] } });
}

/**
 * ```
 *      ,-> b:do_x -.
 * a:do_x            +-> d:do_x
 *      `-> c:do_x -'
 * ```
 */
export function diamond(): TaskGraph {
  return sketchGraph({
    "a:do_x": {},
    "b:do_x": { deps: ["a:do_x"] },
    "c:do_x": { deps: ["a:do_x"] },
    "d:do_x": { deps: ["b:do_x", "c:do_x"] },
  });
}

/**
 * ```
 *      ,-> b:do_x
 * a:do_x
 *      `-> c:do_x
 * ```
 */
export function fork(): TaskGraph {
  return sketchGraph({ "a:do_x": {}, "b:do_x": { deps: ["a:do_x"] }, "c:do_x": { deps: ["a:do_x"] } });
}
