import { ReplayError } from "../errors.ts";
import { type CacheWatch, ObjectCache, type ObjectSource } from "../run/object-cache.ts";
import { type BytesOf, type CacheSize, Pruning } from "../run/pruning.ts";
import type { RunOptions } from "../run/run-options.ts";
import type { Topology, TopologyBuilder } from "../topology/topology.ts";
import type { Content } from "../truth/content.ts";
import { Mirror } from "./mirror.ts";
import { MirroredCache } from "./mirrored-cache.ts";

/** A cache with who follows what it holds, and what that was at the end of each step. */
interface WatchedCache {
  readonly cache: ObjectCache<Content>;
  readonly pruning: Pruning | undefined;
  readonly sizes: CacheSize[];
}

/** The sstate caches of a topology, and their mirrors. */
export class SiteCaches {
  readonly #options: Pick<RunOptions, "objects" | "contents">;
  readonly #caches = new Map<string, WatchedCache>();
  readonly #mirrors = new Map<string, Mirror<Content>>();

  /** @throws {ReplayError} when one is to be pruned by size, and sizes are not known */
  constructor(
    options: Pick<RunOptions, "objects" | "contents"> & { readonly bytesOf?: BytesOf },
    { caches }: Pick<Topology, "caches">,
  ) {
    const { objects, contents, bytesOf } = options;
    this.#options = options;
    for (const { name, prune, mirrorOf } of caches) {
      if (mirrorOf !== undefined) continue;
      if (prune !== undefined && "bytes" in prune && bytesOf === undefined)
        throw new ReplayError(`cache ${name}, pruned by ${prune.rule}: expected sizes of sstate objects, found none`);
      const isWatched = prune !== undefined || bytesOf !== undefined;
      const pruning = isWatched ? new Pruning(objects, bytesOf ?? (() => 0), prune) : undefined;
      const watches: CacheWatch[] = pruning === undefined ? [] : [pruning];
      const cache = new ObjectCache(objects, contents.pool, undefined, watches);
      for (const mirror of caches) {
        if (mirror.mirrorOf?.cache !== name) continue;
        const copy = new Mirror(cache, mirror.mirrorOf.behind);
        watches.push(copy);
        this.#mirrors.set(mirror.name, copy);
      }
      this.#caches.set(name, { cache, pruning, sizes: [] });
    }
  }

  /** As a builder sees its own. */
  of({ sstate, mirrors = [] }: TopologyBuilder): ObjectCache<Content> {
    const { cache } = this.#caches.get(sstate) as WatchedCache;
    if (mirrors.length === 0) return cache;
    const { objects, contents } = this.#options;
    const sources = mirrors.map((name): ObjectSource<Content> => {
      return this.#mirrors.get(name) ?? (this.#caches.get(name) as WatchedCache).cache;
    });
    return new MirroredCache(objects, contents.pool, cache, sources);
  }

  /** Numbers of the objects in a cache. */
  numbersIn(name: string): Iterable<number> {
    return (this.#caches.get(name) as WatchedCache).cache.numbers;
  }

  /** What each held at the end of each step; those of which nothing is known are left out. */
  get sizes(): readonly { readonly name: string; readonly sizes: readonly CacheSize[] }[] {
    return [...this.#caches].flatMap(([name, { pruning, sizes }]) => (pruning ? [{ name, sizes }] : []));
  }

  /** A step begins. */
  begin(step: number): void {
    for (const mirror of this.#mirrors.values()) mirror.begin(step);
  }

  /** All builders have built a step: caches are pruned. */
  end(step: number): void {
    for (const { cache, pruning, sizes } of this.#caches.values())
      if (pruning !== undefined) sizes.push(pruning.end(step, cache));
    for (const mirror of this.#mirrors.values()) mirror.end(step);
  }
}
