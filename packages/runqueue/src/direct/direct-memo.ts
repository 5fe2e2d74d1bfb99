import type { BuildPlan } from "../plan.ts";
import { buildDirectly, type DirectBuild, type DirectWorld } from "./direct-build.ts";
import { noexecOf } from "./noexec.ts";

/** How many builds are remembered. */
const MOST = 12;
/** What was done to a task, in the two lowest bits of an event. */
const [STARTED, RESTORED, EXECUTED] = [0, 1, 2] as const;
/** Whether there is an object, as found out in this build. */
const [UNKNOWN, ABSENT, PRESENT] = [0, 1, 2] as const;

/** What of a world decides a build, beside its objects. */
type Decisive = Readonly<Record<"workers" | "depValid" | "durations", unknown>>;

/** A build in a new directory, and all that decided it. */
interface Remembered {
  readonly plan: Pick<BuildPlan, "dependencies" | "unskippable">;
  readonly noexec: Uint8Array;
  readonly world: Decisive;
  /** Tasks whose objects were looked for: twice the place, and one more where there was one. */
  readonly asked: readonly number[];
  /** What was told, in order: four times the place, and what. */
  readonly events: readonly number[];
  readonly build: DirectBuild;
}

/** A world for builds that may be remembered. */
export type RememberedWorld = DirectWorld & {
  /** Stands for what `durationOf` says: the same object, the same durations. Absent: nobody knows. */
  readonly durations?: object | undefined;
};

/**
 * Builds directly, as `buildDirectly` does. In a new directory a build is decided by its plan, its times and the objects it finds: where one that is
 * remembered asked for the same and was answered alike, all goes as it did, and only who is told is told anew.
 */
export class DirectMemo {
  /** Those used last first. */
  readonly #known: Remembered[] = [];

  /** As `buildDirectly`. What is given for two builds may be the same object, and is not to be changed. */
  build(plan: BuildPlan, world: RememberedWorld): DirectBuild | undefined {
    const { numbering, directory, hasObject, durationOf, durations } = world;
    const isRemembered =
      directory === undefined &&
      (durationOf === undefined || durations !== undefined) &&
      !numbering.of(plan).isAnyBaseShared;
    if (!isRemembered) return buildDirectly(plan, world);
    const answers = new Uint8Array(plan.size);
    const asks = (task: number): boolean => {
      if (answers[task] === UNKNOWN) answers[task] = hasObject?.(task) === true ? PRESENT : ABSENT;
      return answers[task] === PRESENT;
    };
    const known = this.#find(plan, world, asks);
    return known === undefined ? this.#buildAnew(plan, world, asks) : buildAgain(known, plan, world);
  }

  #find(plan: BuildPlan, world: RememberedWorld, asks: (task: number) => boolean): Remembered | undefined {
    const at = this.#known.findIndex((it) => {
      if (it.plan.unskippable !== plan.unskippable) return false;
      if (it.plan.dependencies !== plan.dependencies || it.world.durations !== world.durations) return false;
      if (it.world.workers !== world.workers || it.world.depValid !== world.depValid) return false;
      if (it.noexec !== noexecOf(plan)) return false;
      return it.asked.every((asked) => asks(asked >> 1) === ((asked & 1) === 1));
    });
    const [known] = at < 0 ? [] : this.#known.splice(at, 1);
    if (known !== undefined) this.#known.unshift(known);
    return known;
  }

  #buildAnew(plan: BuildPlan, world: RememberedWorld, asks: (task: number) => boolean): DirectBuild | undefined {
    const asked: number[] = [];
    const events: number[] = [];
    const build = buildDirectly(plan, {
      ...world,
      hasObject: (task) => {
        const isThere = asks(task);
        asked.push(2 * task + Number(isThere));
        return isThere;
      },
      onStart: (task) => {
        events.push(4 * task + STARTED);
        world.onStart?.(task);
      },
      onRestored: (task) => {
        events.push(4 * task + RESTORED);
        world.onRestored?.(task);
      },
      onExecuted: (task) => {
        events.push(4 * task + EXECUTED);
        return world.onExecuted?.(task) !== false;
      },
    });
    if (build === undefined) return undefined;
    const { workers, depValid, durations } = world;
    this.#known.unshift({
      plan,
      noexec: noexecOf(plan),
      world: { workers, depValid, durations },
      asked,
      events,
      build,
    });
    this.#known.splice(MOST);
    return build;
  }
}

function buildAgain(
  { events, build }: Remembered,
  plan: BuildPlan,
  { onStart, onRestored, onExecuted }: DirectWorld,
): DirectBuild | undefined {
  for (const event of events) {
    const task = event >> 2;
    const what = event & 3;
    if (what === STARTED) onStart?.(task);
    else if (what === RESTORED) onRestored?.(task);
    else if (onExecuted?.(task) === false) return undefined;
  }
  return { ...build, plan };
}
