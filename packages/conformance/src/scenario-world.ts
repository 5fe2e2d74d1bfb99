import type { DepId } from "@depid/hash";
import {
  advanceClock,
  type BuilderState,
  createBuilder,
  forgetDepIds,
  formatBuilder,
  parseBuilder,
  removeStamps,
  wipeBuilder,
} from "@depid/runqueue";
import { createMemoryStore, type SstateStore, sstateTaskOf } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import type { ScenarioChange } from "./scenario.ts";
import { isStampOfRecipe } from "./scenario-layout.ts";
import { ScenarioServer } from "./scenario-server.ts";

/** All that outlives a step of a scenario. Builders share sstate cache and server. */
export interface ScenarioWorld {
  readonly builders: Map<string, BuilderState>;
  readonly store: SstateStore;
  readonly server: ScenarioServer;
  /** What was first stored under the name of each object. */
  readonly firstStored: Map<string, string>;
}

/** Nothing was ever built. */
export function createScenarioWorld(): ScenarioWorld {
  return { builders: new Map(), store: createMemoryStore(), server: new ScenarioServer(), firstStored: new Map() };
}

/** Another world in the same state; builders as they are when they were saved and loaded. */
export async function copyScenarioWorld({
  builders,
  store,
  server,
  firstStored,
}: ScenarioWorld): Promise<ScenarioWorld> {
  const copy = createMemoryStore();
  const objects = await store.find(await store.list());
  await copy.put(objects.flatMap((object) => object ?? []));
  const saved = [...builders].map(([name, builder]) => [name, parseBuilder(formatBuilder(builder))] as const);
  return { builders: new Map(saved), store: copy, server: await server.copy(), firstStored: new Map(firstStored) };
}

/** The builder of this name; a new one begins with nothing. */
export function getBuilder(world: ScenarioWorld, name: string): BuilderState {
  return world.builders.get(name) ?? createBuilder();
}

/** Name of an sstate object in the layer of the recordings. */
export function formatRecordedObject({ pn, task }: Task, depid: DepId): string {
  return `sstate:${pn}:${depid}_${sstateTaskOf(task)}.obj`;
}

/** Does to builder, sstate cache and server what was done to BitBake's before a step. */
export async function applyChange(world: ScenarioWorld, name: string, change: ScenarioChange): Promise<void> {
  const builder = getBuilder(world, name);
  const become = (changed: BuilderState): unknown => world.builders.set(name, changed);
  switch (change.do) {
    case "wipe-tmp":
      become(wipeBuilder(builder));
      break;
    case "wipe-builder":
      become(forgetDepIds(wipeBuilder(builder)));
      break;
    case "wipe-unihash-cache":
      become(forgetDepIds(builder));
      break;
    case "wipe-hashserv":
      world.server.wipe();
      break;
    case "wipe-sstate":
      await world.store.remove(await world.store.list());
      break;
    case "drop-sstate": {
      const tail = change.task === undefined ? ".obj" : `_${sstateTaskOf(change.task)}.obj`;
      const names = await world.store.list();
      await world.store.remove(
        names.filter((object) => object.startsWith(`sstate:${change.recipe}:`) && object.endsWith(tail)),
      );
      break;
    }
    case "drop-stamps":
      become(
        removeStamps(
          builder,
          ({ stamp, task }) =>
            isStampOfRecipe(stamp, change.recipe) && (change.task === undefined || task === change.task),
        ),
      );
      break;
    case "sleep":
      become(advanceClock(builder, change.seconds * 1000));
      break;
  }
}
