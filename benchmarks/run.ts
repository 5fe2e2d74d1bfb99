import { join } from "node:path";
import { readHistory } from "@depid/task-graph/fs";
import { benchDiff } from "./diff.ts";
import { benchEngine } from "./engine.ts";
import { benchHashing } from "./hashing.ts";
import { benchFairness } from "./hashserv/fairness.ts";
import { benchHashserv } from "./hashserv/index.ts";
import { benchLarge } from "./hashserv/large.ts";
import { benchHashservPostgres } from "./hashserv/postgres.ts";
import { benchUpstream } from "./hashserv/upstream.ts";
import { benchRehash } from "./rehash.ts";
import { benchReplay } from "./replay.ts";
import { benchRunqueue, firstTasks, synthesizeTasks } from "./runqueue.ts";
import { benchStart } from "./start.ts";
import { benchSweep } from "./sweep.ts";
import { benchYear } from "./year.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const IMAGE = join(REPOSITORY, "examples/oe-core/core-image-minimal.history.jsonl.gz");
const WORLD = join(REPOSITORY, "fixtures/histories/world.history.jsonl.gz");

const BENCHMARKS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  hashing: async () => benchHashing("core-image-minimal", await readHistory(IMAGE)),
  "hashing-world": async () => benchHashing("world", await readHistory(WORLD)),
  runqueue: async () => {
    await benchRunqueue("core-image-minimal", firstTasks(await readHistory(IMAGE)));
    await benchRunqueue("world", firstTasks(await readHistory(WORLD)));
    for (const count of [1000, 10_000, 100_000]) await benchRunqueue("synthetic", synthesizeTasks(count));
  },
  rehash: async () => {
    await benchRehash("core-image-minimal", firstTasks(await readHistory(IMAGE)), true);
    await benchRehash("world", firstTasks(await readHistory(WORLD)), false);
  },
  hashserv: benchHashserv,
  "hashserv-fairness": benchFairness,
  "hashserv-large": benchLarge,
  "hashserv-postgres": benchHashservPostgres,
  "hashserv-upstream": benchUpstream,
  diff: benchDiff,
  engine: async () => benchEngine(firstTasks(await readHistory(IMAGE))),
  year: async () => benchYear(firstTasks(await readHistory(IMAGE))),
  start: async () => benchStart(),
  sweep: benchSweep,
  replay: async () => benchReplay("core-image-minimal", await readHistory(IMAGE)),
};

/** What takes long, or gigabytes of disk, and runs only when it is named. */
const BY_NAME_ONLY = ["hashserv-large", "year"];

/** What stands behind these names alone are their own arguments. */
const WITH_ARGUMENTS = ["diff", "hashserv", "hashserv-postgres"];

const [first = "", ...rest] = process.argv.slice(2);
const hasArguments = WITH_ARGUMENTS.includes(first) && (first === "diff" || rest[0]?.startsWith("--"));
const asked = hasArguments ? [first] : process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown !== undefined) {
  process.stderr.write(`no benchmark ${JSON.stringify(unknown)}: expected ${Object.keys(BENCHMARKS).join(", ")}\n`);
  process.exit(2);
}
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (asked.includes(name) || (asked.length === 0 && !BY_NAME_ONLY.includes(name))) await run(hasArguments ? rest : []);
}
