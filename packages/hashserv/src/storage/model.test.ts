import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import type { Conditions } from "@depid/hashserv-protocol";
import { DatabaseSync } from "@photostructure/sqlite";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Clock, createClock } from "../clock.ts";
import { getStatus } from "../equivalence/garbage.ts";
import { Model } from "../testing/lives/model.ts";
import { type Change, carryOut } from "../testing/lives/steps.ts";
import { createMemoryStorage } from "./memory/memory-storage.ts";
import { DatabaseFile } from "./sqlite/database-file.ts";
import { ReportJournal } from "./sqlite/journal.ts";
import { writeJournalled } from "./sqlite/journalled-report.ts";
import { openSqliteStorage } from "./sqlite/sqlite-storage.ts";
import type { Storage } from "./storage.ts";
import { KnownReader } from "./write-behind/known.ts";
import { PendingReports } from "./write-behind/pending-reports.ts";
import { WriteBehindStorage } from "./write-behind/write-behind-storage.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterAll(() => rm(directory, { recursive: true }));

const depidOf = (name: string) => parseDepId(sha256Hex(name));
const tasks = ["t0", "t1", "t2", "t3"];
const task = fc.constantFrom(...tasks);
const output = fc.constantFrom("o0", "o1", "o2");
const depid = fc.constantFrom("d0", "d1", "d2", "d3").map(depidOf);
const mark = fc.constantFrom("x", "y", "");

const where: fc.Arbitrary<Conditions> = fc.record(
  { taskhash: task, outhash: output, depid, mark, PN: fc.constant("p") },
  { requiredKeys: [] },
);

const step: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant("report" as const), taskhash: task, outhash: output, depid }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("equivalence" as const), taskhash: task, depid }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("remove" as const), where }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("mark" as const), mark, where }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("sweep" as const), mark }) },
  fc.constant({ type: "clean" as const }),
);
const steps = fc.array(step, { minLength: 1, maxLength: 30 });

/** All there is to know of the rows. */
async function look(storage: Storage): Promise<unknown> {
  return {
    depids: await storage.read.findDepIds(tasks.map((taskhash) => ({ method: "m", taskhash }))),
    ofTasks: await Promise.all(tasks.map((taskhash) => storage.read.findOldestOfTask({ method: "m", taskhash }))),
    ofOutputs: await Promise.all(["o0", "o1", "o2"].map((outhash) => storage.read.findOldestOfOutput("m", outhash))),
    records: await Promise.all(["o0", "o1", "o2"].map((outhash) => storage.read.findOldestRecord("m", outhash))),
    status: await getStatus(storage),
    rows: [...(await storage.read.countRows())].sort(),
  };
}

/** Time that is the same for two storages. */
function createTime() {
  let now = 1_700_000_000_000_000;
  return createClock(() => now++);
}

/** Numbers of rows have gaps that differ. */
function withoutIds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part) => (key === "id" ? undefined : part)));
}

describe("random requests", () => {
  it("are answered, and leave the same rows, with SQLite as in memory", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const memory = createMemoryStorage({ clock: createTime() });
        const sqlite = await openSqliteStorage(join(directory, `${files++}.db`), { clock: createTime() });
        try {
          for (const one of all) expect(await carryOut(sqlite, one)).toEqual(await carryOut(memory, one));
          const [ours, theirs] = [withoutTimes(await look(memory)), withoutTimes(await look(sqlite))];
          expect(theirs).toEqual(ours);
        } finally {
          await sqlite.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keep to the rule: answers are those of plain lists, where a taskhash keeps its depid", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const storage = createMemoryStorage();
        const model = new Model();
        for (const one of all) {
          const before = await storage.read.findDepIds(tasks.map((taskhash) => ({ method: "m", taskhash })));
          expect(await carryOut(storage, one)).toEqual(model.carryOut(one));
          if (one.type !== "report" && one.type !== "equivalence") continue;
          const after = await storage.read.findDepIds(tasks.map((taskhash) => ({ method: "m", taskhash })));
          expect(after.filter((found, i) => before[i] !== undefined && found !== before[i])).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** What may happen to a storage that writes behind, other than requests. */
const EVENTS = ["write", "write and wait", "close", "kill", "learn"] as const;
type Event = (typeof EVENTS)[number];

describe("a storage that writes behind", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  it("answers as one that does not, whenever it writes, is closed or killed, and leaves the same rows", async () => {
    const life = fc.array(fc.oneof({ weight: 3, arbitrary: step }, fc.constantFrom(...EVENTS)), {
      minLength: 1,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(life, async (all) => {
        const memory = createMemoryStorage({ clock: createTime() });
        const path = join(directory, `${files++}.db`);
        const clock = createTime();
        let behind = await openBehind(path, clock);
        for (const one of all) {
          if (typeof one === "string") behind = await happen(one, path, clock, behind);
          else expect(await carryOut(behind.storage, one)).toEqual(await carryOut(memory, one));
        }
        const found = withoutTimes(await look(behind.storage));
        expect(found).toEqual(withoutTimes(await look(memory)));
        await behind.storage.close();
        const sqlite = await openSqliteStorage(path);
        expect(withoutTimes(await look(sqlite))).toEqual(found);
        await sqlite.close();
      }),
      { numRuns: 100 },
    );
  });

  it("answers what arrives together in the order in which it came", async () => {
    const requests = steps.map((all) => all.filter(({ type }) => type === "report" || type === "equivalence"));
    await fc.assert(
      fc.asyncProperty(requests, requests, async (before, together) => {
        const memory = createMemoryStorage();
        const { storage } = await openBehind(join(directory, `${files++}.db`), createTime());
        for (const one of before) expect(await carryOut(storage, one)).toEqual(await carryOut(memory, one));
        const expected = Promise.all(together.map((one) => carryOut(memory, one)));
        expect(await Promise.all(together.map((one) => carryOut(storage, one)))).toEqual(await expected);
        expect(withoutTimes(await look(storage))).toEqual(withoutTimes(await look(memory)));
        await storage.close();
      }),
      { numRuns: 60 },
    );
  });
});

/** As `openWriteBehindStorage`, but writes in this thread, which needs no time to begin. */
async function openBehind(path: string, clock: Clock) {
  let known: KnownReader | undefined;
  const file = new DatabaseFile(path);
  const inserting = (row: Parameters<KnownReader["inserting"]>[0]) => known?.inserting(row);
  const tables = await openSqliteStorage(path, { clock, file, ownsJournal: true, inserting });
  const journal = new ReportJournal(path, "normal");
  const db = new DatabaseSync(path, { readOnly: true });
  const shared = () => expect.unreachable("nobody else writes");
  const reader = new KnownReader({ db, shared });
  known = reader;
  const write = (texts: readonly string[]) => tables.transaction((rows) => writeJournalled(rows, texts));
  const pending = new PendingReports({ known: reader, write, journal, clock });
  const letGo = async () => {
    reader.stop();
    db.close();
    journal.close();
  };
  let killed = false;
  const failed = (reason: unknown) => expect(killed, String(reason)).toBe(true);
  const storage = new WriteBehindStorage({ tables, pending, file, failed, release: letGo });
  /** Lets go of everything, and writes nothing any more. */
  const kill = async () => {
    if (pending.isWriting) await pending.writeSome();
    killed = true;
    await letGo();
    await tables.close();
  };
  return { storage, pending, kill };
}

async function happen(what: Event, path: string, clock: Clock, behind: Awaited<ReturnType<typeof openBehind>>) {
  const { storage, pending, kill } = behind;
  if (what === "write") void pending.writeSome();
  if (what === "write and wait") await pending.write();
  // Time to read what the tables have, so that most of what they do not have need not be looked up.
  if (what === "learn") await vi.advanceTimersByTimeAsync(10);
  if (what === "close") await storage.close();
  if (what === "kill") await kill();
  return what === "close" || what === "kill" ? openBehind(path, clock) : behind;
}

/** Times of rows that were inserted by a different number of calls differ. */
function withoutTimes(value: unknown): unknown {
  return withoutIds(JSON.parse(JSON.stringify(value, (key, part) => (key === "created" ? undefined : part))));
}
