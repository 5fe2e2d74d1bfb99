/** Whether each build of a builder begins in an empty build directory, or all are in one. sstate and server are kept either way. */
export type BuilderKind = "fresh" | "persistent";

/** Who builds what and when, and what they share: builders, the servers they ask, and the caches they restore from (`depid-topology/1`). */
export interface Topology {
  /** In the order in which they build in a step; each begins when the one before has ended. */
  readonly builders: readonly TopologyBuilder[];
  readonly servers: readonly TopologyServer[];
  readonly caches: readonly TopologyCache[];
}

export interface TopologyBuilder {
  readonly name: string;
  readonly kind: BuilderKind;
  readonly cadence: Cadence;
  /** What it is asked for, as `RECIPE:TASK`, patterns of a shell, or `RECIPE`: these tasks and what they need. Absent: all tasks. */
  readonly targets?: readonly string[];
  /** Name of its hash equivalence server. */
  readonly server: string;
  /** Name of its sstate cache. */
  readonly sstate: string;
  /** Caches in which it looks for what its own has not (SSTATE_MIRRORS): what it restores from there is in its own from then on. */
  readonly mirrors?: readonly string[];
  /** Whether it may ask its server and not report: it asks a read-only server on the same database. */
  readonly readOnly?: boolean;
  /** Steps in which no server answers it. */
  readonly unreachable?: readonly number[];
  /** Tasks that come out otherwise when they run here than when others run them with the same taskhash; patterns as those of targets. */
  readonly diverges?: readonly string[];
}

/** The steps in which a builder pulls and builds: every n-th from an offset on, or those that are named, ascending. */
export type Cadence = { readonly every: number; readonly offset: number } | { readonly steps: readonly number[] };

/** A database of equivalences with a server, or a read-only server on the database of another one. */
export interface TopologyServer {
  readonly name: string;
  /** The server on whose database this one is, read-only. Then it has nothing of what follows but `unreachable`. */
  readonly readOnlyOf?: string;
  /** A server that is asked for what this one does not know; what that answers is kept here. */
  readonly upstream?: string;
  /** Steps in which it answers nobody. */
  readonly unreachable?: readonly number[];
  /** When its data are lost, in the order of the steps. */
  readonly lost?: readonly Loss[];
  /** What is removed when a step is over. Absent: nothing. */
  readonly gc?: GcRule;
}

/** A server's data are gone when a step begins. */
export interface Loss {
  readonly at: number;
  /** The step at whose end the copy was made that takes their place. Absent: there is none, and the server is empty. */
  readonly restoredFrom?: number;
}

/**
 * Which equivalences go, and every how many steps: by `objects`, those whose depid no object in these caches bears; by `age`, those that were made so many steps
 * ago, or before, whatever became of their objects.
 */
export type GcRule = { readonly every: number } & (
  | { readonly rule: "objects"; readonly caches: readonly string[] }
  | { readonly rule: "age"; readonly steps: number }
);

/** A store of sstate objects. */
export interface TopologyCache {
  readonly name: string;
  /** What is removed when a step is over. Absent: nothing. */
  readonly prune?: PruneRule;
  /** Of a mirror, which nobody writes in: the cache that it is a copy of, as that was at the end of the step so many steps before. */
  readonly mirrorOf?: { readonly cache: string; readonly behind: number };
}

/**
 * Which objects go: by `age` those that were made so many steps ago, or before; `unused`, those that nobody used for so many steps; by `size` those made
 * first, until the others have no more than so many bytes; `lru`, those used first.
 */
export type PruneRule =
  | { readonly rule: "age" | "unused"; readonly steps: number }
  | { readonly rule: "size" | "lru"; readonly bytes: number };

/** Whether a builder builds in a step. */
export function buildsIn({ cadence }: Pick<TopologyBuilder, "cadence">, step: number): boolean {
  if ("steps" in cadence) return cadence.steps.includes(step);
  return step >= cadence.offset && (step - cadence.offset) % cadence.every === 0;
}
/** One builder, with a server and a cache: what is replayed where no topology is asked for. */
export function singleBuilder(kind: BuilderKind): Topology {
  const builder = { name: "", kind, cadence: { every: 1, offset: 0 }, server: "", sstate: "" };
  return { builders: [builder], servers: [{ name: "" }], caches: [{ name: "" }] };
}
