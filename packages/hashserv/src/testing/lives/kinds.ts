import { type Clock, createClock } from "../../clock.ts";
import { openSqliteStorage } from "../../storage/sqlite/sqlite-storage.ts";
import { openWriteBehindStorage } from "../../storage/write-behind/open.ts";
import { FailingJournal } from "./failing-journal.ts";
import type { Kind } from "./life.ts";
import { ScheduledRecorder } from "./recorder.ts";
import type { World } from "./world.ts";

/** Kinds of servers that live. */
export const KINDS: Readonly<Record<string, Kind>> = {
  "two servers that share a file": {
    open: async ({ path }, world) => {
      const shared = options(world);
      return [await openSqliteStorage(path, shared), await openSqliteStorage(path, shared)];
    },
    openAtRest: ({ path }) => openSqliteStorage(path),
  },
  "a server that writes behind": {
    open: async (process, world) => {
      const storage = await openWriteBehindStorage(
        process.path,
        { ...options(world), log: (level, text) => process.warnings.push(`${level}: ${text}`) },
        {
          openJournal: (_path, durability) => new FailingJournal(world, process, durability),
          createRecorder: (options) => new ScheduledRecorder(world, process, options),
        },
      );
      return [storage];
    },
    openAtRest: ({ path }) => openSqliteStorage(path),
  },
};

/** No power fails in a life: what a process wrote survives it without waiting for the disk. */
const options = (world: World) => ({ clock: createWorldClock(world), durability: "off" }) as const;

/** Later in each process than in those before. While it is read, others go on. */
function createWorldClock(world: World): Clock {
  const clock = createClock(() => 1_700_000_000_000_000 + 10 * world.count());
  return () => {
    world.interlude();
    return clock();
  };
}
