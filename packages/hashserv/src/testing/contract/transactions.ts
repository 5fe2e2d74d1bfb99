import { NO_DETAILS } from "@depid/hashserv-protocol";
import { expect, it } from "vitest";
import type { Storage } from "../../storage/storage.ts";
import type { OpenPair } from "./open-pair.ts";

/** A transaction is done whole or not at all, alone, and seen by both handles. */
export function describeTransactions(pair: OpenPair): void {
  it("takes back everything when the work of a transaction throws, and goes on", async () => {
    const failed = pair.storage.transaction(async (rows) => {
      await rows.insertOutHash({ method: "m", taskhash: "t", outhash: "o", details: NO_DETAILS });
      await rows.insertEquivalence({ method: "m", taskhash: "t", depid: "u" });
      throw new Error("no");
    });
    const next = pair.record("t2", "o", "u2");
    await expect(failed).rejects.toThrow("no");
    await next;
    expect(await pair.storage.read.findOldestRecord("m", "o")).toMatchObject({ taskhash: "t2" });
    expect(await pair.storage.read.depIdsExist(["u", "u2"])).toEqual([false, true]);
  });

  it("lets one transaction of two that arrive together see what the other did", async () => {
    const join = (from: Storage, taskhash: string) =>
      from.transaction(async (rows) => {
        const equal = await rows.findOldestOfOutput("m", "o", taskhash);
        await rows.insertOutHash({ method: "m", taskhash, outhash: "o", details: NO_DETAILS });
        await rows.insertEquivalence({ method: "m", taskhash, depid: equal?.depid ?? taskhash });
      });
    const taskhashes = Array.from({ length: 20 }, (_, i) => `t${i}`);
    await Promise.all(taskhashes.map((taskhash, i) => join(i % 2 === 0 ? pair.storage : pair.other, taskhash)));
    const depids = await pair.storage.read.findDepIds(taskhashes.map((taskhash) => ({ method: "m", taskhash })));
    expect(new Set(depids).size).toBe(1);
  });

  it("shows one handle what the other has committed", async () => {
    await pair.record("t", "o", "u");
    expect(await pair.other.read.findDepIds([{ method: "m", taskhash: "t" }])).toEqual(["u"]);
  });

  it("carries out what came before it was closed, and refuses what comes after", async () => {
    const before = pair.record("t", "o", "u");
    const closed = pair.storage.close();
    await expect(pair.record("t2", "o", "u2")).rejects.toThrow(/closed/);
    await Promise.all([before, closed]);
  });
}
