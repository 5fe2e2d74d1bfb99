import { taskName } from "@depid/hash";
import type { Capture } from "@depid/task-graph";
import { describeClass, titleOf } from "../describe-change.ts";
import type { Path } from "../explain-change.ts";
import type { AgainstReport, ExplainReport } from "../format-explain.ts";

/**
 * What a task is in the picture of an explanation: `origin`: its own inputs changed; `through`: a change came to it and went on; `stop`: another taskhash, but the depid of
 * before; `held`: the same by a lock, so that what came to it is not built; `dependency`: nothing is said of a change.
 */
export type PictureRole = "origin" | "through" | "stop" | "held" | "dependency";

export interface PictureNode {
  readonly name: string;
  readonly role: PictureRole;
  /** Whether it is the task that is explained. */
  readonly isAsked: boolean;
  /** Whether it is an sstate task: only such a task can stop a change. */
  readonly sstate: boolean;
  /** What changed here, or why a change went no further; a line each. */
  readonly notes: readonly string[];
}

export interface PictureEdge {
  /** Name of the dependency. */
  readonly from: string;
  /** Name of the task that hashed its depid. */
  readonly to: string;
  /** Whether a change went this way. */
  readonly isOpen: boolean;
}

/** An explanation as a graph to be drawn: dependencies below, changes rise. */
export interface Picture {
  readonly title: string;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
}

/**
 * The picture of an explanation. With another build: the tasks on the shortest way from each root cause, and on all ways that the report lists; beside them the tasks
 * that a change came to and that stopped it there. Without: the task and what it hashed.
 *
 * @param capture of the build that is explained
 */
export function pictureOf(report: ExplainReport, { tasks }: Pick<Capture, "tasks">): Picture {
  const { against } = report;
  return against === undefined ? pictureOfHash(report, tasks) : pictureOfChange(report, against);
}

function pictureOfHash({ build, hash: { name, task, dependencies } }: ExplainReport, tasks: Capture["tasks"]): Picture {
  const sstate = new Set(tasks.filter((it) => it.setscene).map(taskName));
  return {
    title: `what ${name} in ${build} hashed`,
    nodes: [
      { name, role: "dependency", isAsked: true, sstate: task.setscene, notes: [] },
      ...dependencies.map((it) => ({
        name: it.name,
        role: "dependency" as const,
        isAsked: false,
        sstate: sstate.has(it.name),
        notes: it.is === "taskhash" ? [] : [NOTES[it.is]],
      })),
    ],
    edges: dependencies.map((it) => ({ from: it.name, to: name, isOpen: false })),
  };
}

const NOTES = {
  equal: "depid of an equal output",
  locked: "depid of a lock",
  perhaps: "depid of a lock or an equal output",
  earlier: "had another depid then",
  missing: "not in this build",
} as const;

function pictureOfChange({ build, hash: { name: asked, task } }: ExplainReport, against: AgainstReport): Picture {
  const { comparison, name, explanation, stopped } = against;
  const changes = new Map(comparison.changed.map((it) => [it.name, it]));
  const nodes = new Map<string, PictureNode>();
  const edges = new Map<string, PictureEdge>();
  const isSstate = (it: string): boolean => comparison.pairing.pairs.get(it)?.after?.setscene === true;
  const held = new Set(explanation?.stops.held ?? []);

  const addStops = (to: string, from: readonly string[]): void => {
    for (const it of from) {
      const isHeld = held.has(it);
      const notes = [isHeld ? "a lock holds the depid" : "stops here: the depid of before"];
      if (!nodes.has(it))
        nodes.set(it, { name: it, role: isHeld ? "held" : "stop", isAsked: false, sstate: isSstate(it), notes });
      edges.set(JSON.stringify([it, to]), { from: it, to, isOpen: false });
    }
  };
  const addWay = (path: Path): void => {
    for (const [i, to] of path.entries()) {
      if (!nodes.has(to)) nodes.set(to, nodeOf(to));
      const from = path[i - 1];
      if (from !== undefined) edges.set(JSON.stringify([from, to]), { from, to, isOpen: true });
    }
  };
  const nodeOf = (it: string): PictureNode => ({
    name: it,
    role: (changes.get(it)?.own.length ?? 0) > 0 ? "origin" : "through",
    isAsked: it === name,
    sstate: isSstate(it),
    notes: (explanation?.roots ?? [])
      .filter(({ cause }) => cause.entered.includes(it))
      .map(({ cause }) => causeOf(cause)),
  });

  const title = `why ${asked} in ${build} has ${explanation === undefined ? "the taskhash that it had" : "another taskhash than"} in ${against.build}`;
  if (explanation === undefined) {
    const isThere = comparison.pairing.pairs.get(name)?.before !== undefined;
    nodes.set(name, {
      name,
      role: "dependency",
      isAsked: true,
      sstate: task.setscene,
      notes: [isThere ? "the same taskhash" : `not in ${against.build}`],
    });
    addStops(name, stopped);
    return {
      title: isThere ? title : `${asked} in ${build}, which is not in ${against.build}`,
      nodes: [...nodes.values()],
      edges: [...edges.values()],
    };
  }
  for (const { path } of explanation.roots) addWay(path);
  for (const path of explanation.paths) addWay(path);
  // Where nothing was found that it came from, it stands alone.
  addWay([name]);
  for (const it of [...nodes.keys()]) addStops(it, changes.get(it)?.stopped ?? []);
  return { title, nodes: [...nodes.values()], edges: [...edges.values()] };
}

function causeOf(cause: Parameters<typeof titleOf>[0]): string {
  const { what, name, more } = titleOf(cause);
  return `${[what, name].filter((word) => word !== "").join(" ")}${more}: ${describeClass(cause.class)}`;
}
