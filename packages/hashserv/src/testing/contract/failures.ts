import { setImmediate } from "node:timers/promises";
import { parseDepId, sha256Hex } from "@depid/hash";
import { expect, it } from "vitest";
import type { ReportToRecord } from "../../rule/report-rule.ts";
import type { OpenPair } from "./open-pair.ts";

/** What happens to a database does not make answers wrong: nothing that was answered is lost. */
export function describeFailures(pair: OpenPair): void {
  it("says that it is well", async () => {
    await pair.storage.check();
    await pair.other.check();
  });

  it("keeps what it has answered when the database fails under load, and goes on by itself", async () => {
    const answered = new Map<string, string>();
    let stopped = false;
    const clients = Array.from({ length: 4 }, async (_, client) => {
      for (let i = 0; !stopped; i++) {
        const taskhash = `t${client} ${i}`;
        const report = { method: "m", taskhash, outhash: `o${i}`, depid: parseDepId(sha256Hex(taskhash)) };
        const outcomes = await pair.storage.recordReports([report]).catch(() => []);
        for (const { depid } of outcomes) answered.set(taskhash, depid);
        // Look-ups may fail, too, but they never find nothing where something is.
        const [found] = await Promise.resolve(pair.storage.read.findDepIds([report])).catch(() => [
          answered.get(taskhash),
        ]);
        expect(found).toBe(answered.get(taskhash) ?? found);
        await setImmediate(); // a storage that answers at once would leave no turn to anything else
      }
    });
    const more = async () => {
      const before = answered.size;
      await expect.poll(() => answered.size).toBeGreaterThan(before + 20);
    };
    for (let round = 0; round < 3; round++) {
      await more();
      await pair.fail();
    }
    await more();
    stopped = true;
    await Promise.all(clients);
    const keys = [...answered.keys()].map((taskhash) => ({ method: "m", taskhash }));
    expect(await pair.other.read.findDepIds(keys)).toEqual([...answered.values()]);
    await pair.storage.check();
  });

  const report = (taskhash: string) => ({
    method: "m",
    taskhash,
    outhash: `o ${taskhash}`,
    depid: parseDepId(sha256Hex(taskhash)),
  });

  it("is not well while the database is out of reach, refuses reports, and goes on when it is back", async () => {
    const kept = [report("t1"), report("t2"), report("t3")];
    const [one, two, three] = kept as [ReportToRecord, ReportToRecord, ReportToRecord];
    await pair.storage.recordReports([one]);
    const back = await pair.away();
    if (back === undefined) return;
    await expect(pair.storage.check()).rejects.toThrow();
    await expect(pair.storage.recordReports([two])).rejects.toThrow();
    await expect(pair.record("t4", "o", "u")).rejects.toThrow();
    await expect(pair.storage.check()).rejects.toThrow();
    await back();
    await pair.storage.check();
    expect(await pair.storage.recordReports([two, three])).toEqual(
      [two, three].map(({ depid }) => ({ depid, joined: true })),
    );
    expect(await pair.other.read.findDepIds(kept)).toEqual(kept.map(({ depid }) => depid));
  });

  it("has all that it answered when it is opened once more", async () => {
    const reports = Array.from({ length: 200 }, (_, i) => report(`t${i}`));
    const answers = Promise.all(
      reports.map((one, i) => (i % 2 === 0 ? pair.storage : pair.other).recordReports([one])),
    );
    // What has arrived when it is closed is answered, too.
    const closed = [pair.storage.close(), pair.other.close()];
    expect((await answers).flat()).toEqual(reports.map(({ depid }) => ({ depid, joined: true })));
    await Promise.all(closed);
    const next = await pair.reopen();
    if (next === undefined) return;
    expect(await next.read.findDepIds(reports)).toEqual(reports.map(({ depid }) => depid));
    await next.close();
  });
}
