import type { DepId } from "@depid/hash";
import { createMemoryStorage, type Storage } from "@depid/hashserv";
import { advanceClock, type BuilderState, createBuilder, removeStamps, wipeBuilder } from "@depid/runqueue";
import { createTaskCache, type DepIdCache } from "@depid/siggen";
import { createMemoryStore, type SstateStore } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import type { ScenarioChange } from "./scenario.ts";

/** Name space of taskhashes on the server. */
export const METHOD = "oe.sstatesig.OEOuthashBasic";

/** A builder: its build directory, and its memory of the server's answers. */
export interface ScenarioBuilder {
  build: BuilderState;
  cache: DepIdCache;
}

/** All that outlives a step of a scenario. Builders share sstate cache and server. */
export interface ScenarioWorld {
  readonly builders: Map<string, ScenarioBuilder>;
  readonly store: SstateStore;
  server: Storage;
}

/** Nothing was ever built. */
export function createScenarioWorld(): ScenarioWorld {
  return { builders: new Map(), store: createMemoryStore(), server: createMemoryStorage() };
}

/** The builder of this name; a new one begins with nothing. */
export function getBuilder(world: ScenarioWorld, name: string): ScenarioBuilder {
  const known = world.builders.get(name);
  if (known !== undefined) return known;
  const builder = { build: createBuilder(), cache: createTaskCache() };
  world.builders.set(name, builder);
  return builder;
}

/** Name of an sstate object in the layer of the recordings. */
export function formatRecordedObject({ pn, task }: Task, depid: DepId): string {
  return `sstate:${pn}:${depid}_${task.replace(/^do_/, "")}.obj`;
}

/** Does to builder, sstate cache and server what was done to BitBake's before a step. */
export async function applyChange(world: ScenarioWorld, name: string, change: ScenarioChange): Promise<void> {
  const builder = getBuilder(world, name);
  switch (change.do) {
    case "wipe-tmp":
      builder.build = wipeBuilder(builder.build);
      break;
    case "wipe-builder":
      builder.build = wipeBuilder(builder.build);
      builder.cache = createTaskCache();
      break;
    case "wipe-unihash-cache":
      builder.cache = createTaskCache();
      break;
    case "wipe-hashserv":
      world.server = createMemoryStorage();
      break;
    case "wipe-sstate":
      await world.store.remove(await world.store.list());
      break;
    case "drop-sstate": {
      const tail = change.task === undefined ? ".obj" : `_${change.task.replace(/^do_/, "")}.obj`;
      const names = await world.store.list();
      await world.store.remove(
        names.filter((object) => object.startsWith(`sstate:${change.recipe}:`) && object.endsWith(tail)),
      );
      break;
    }
    case "drop-stamps":
      builder.build = removeStamps(
        builder.build,
        ({ stamp, task }) => stamp === change.recipe && (change.task === undefined || task === change.task),
      );
      break;
    case "sleep":
      builder.build = advanceClock(builder.build, change.seconds * 1000);
      break;
  }
}

/** The depids which the server has for these taskhashes. */
export async function findServerRows(
  { server }: ScenarioWorld,
  taskhashes: readonly string[],
): Promise<readonly (string | undefined)[]> {
  return server.findDepIds(taskhashes.map((taskhash) => ({ method: METHOD, taskhash })));
}
