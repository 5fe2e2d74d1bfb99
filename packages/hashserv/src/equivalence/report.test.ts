import { type DepId, parseDepId, sha256Hex } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseDepId } from "../rule/report-rule.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { reportEquivalence, reportOutHash } from "./report.ts";

const depid = (text: string): DepId => parseDepId(sha256Hex(text));
const report = (taskhash: string, outhash: string, proposed = taskhash) => ({
  method: "m",
  taskhash,
  outhash,
  depid: depid(proposed),
});

describe("chooseDepId", () => {
  it("takes the depid of an equal output before the one proposed", () => {
    expect(chooseDepId(depid("mine"), depid("theirs"))).toBe(depid("theirs"));
    expect(chooseDepId(depid("mine"), undefined)).toBe(depid("mine"));
  });
});

describe("reportOutHash", () => {
  it("gives the first reporter of an output the depid it proposes, and later ones the same", async () => {
    const storage = createMemoryStorage();
    expect(await reportOutHash(storage, report("t1", "o"))).toBe(depid("t1"));
    expect(await reportOutHash(storage, report("t2", "o"))).toBe(depid("t1"));
  });

  it("leaves a taskhash its depid when another output of it is reported, and joins others through that output", async () => {
    const storage = createMemoryStorage();
    await reportOutHash(storage, report("t1", "o1"));
    expect(await reportOutHash(storage, report("t1", "o2", "other"))).toBe(depid("t1"));
    expect(await reportOutHash(storage, report("t2", "o2"))).toBe(depid("t1"));
  });

  it("never merges two classes that turn out to be connected", async () => {
    const storage = createMemoryStorage();
    await reportOutHash(storage, report("t1", "o1"));
    await reportOutHash(storage, report("t2", "o2"));
    await reportOutHash(storage, report("t2", "o1"));
    expect(await reportOutHash(storage, report("t2", "o1"))).toBe(depid("t2"));
  });

  it("keeps a depid declared without an output", async () => {
    const storage = createMemoryStorage();
    const row = { method: "m", taskhash: "t", depid: depid("declared") };
    expect(await reportEquivalence(storage, row)).toBe(depid("declared"));
    expect(await reportEquivalence(storage, { ...row, depid: depid("later") })).toBe(depid("declared"));
    expect(await reportOutHash(storage, report("t", "o"))).toBe(depid("declared"));
  });

  it("refuses to pass on a depid of an old database that is none, and keeps the record of the output", async () => {
    const storage = createMemoryStorage();
    await reportOutHash(storage, report("old", "o1"));
    await storage.transaction((rows) => rows.insertEquivalence({ method: "m", taskhash: "bad", depid: "not valid" }));
    expect(await reportOutHash(storage, report("bad", "o2"))).toBe("not valid");
    await expect(reportOutHash(storage, report("new", "o2"))).rejects.toThrow("Invalid unihash");
    expect(await storage.read.findDepIds([{ method: "m", taskhash: "new" }])).toEqual([undefined]);
    expect(await storage.read.findOldestRecord("m", "o2")).toMatchObject({ taskhash: "bad" });
  });

  it("gives one depid per output, whatever the order in which first reports arrive together", async () => {
    const arrivals = fc.array(fc.record({ task: fc.nat(30), output: fc.nat(4) }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(arrivals, async (reports) => {
        const storage = createMemoryStorage();
        // A taskhash has one output here: a build that is reproducible.
        const answers = await Promise.all(
          reports.map(({ task, output }) => reportOutHash(storage, report(`${output}/${task}`, `o${output}`))),
        );
        const classes = new Map(reports.map(({ output }, i) => [output, answers[i]]));
        expect(answers).toEqual(reports.map(({ output }) => classes.get(output)));
        const firsts = reports.filter(({ output }, i) => reports.findIndex((r) => r.output === output) === i);
        for (const { task, output } of firsts) expect(classes.get(output)).toBe(depid(`${output}/${task}`));
      }),
    );
  });

  it("answers a repeated report as it answered the first", async () => {
    const arrivals = fc.array(fc.record({ task: fc.nat(5), output: fc.nat(5) }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(arrivals, async (reports) => {
        const storage = createMemoryStorage();
        const given = new Map<string, string>();
        for (const { task, output } of reports) {
          const answer = await reportOutHash(storage, report(`t${task}`, `o${output}`));
          expect(answer).toBe(given.get(`t${task}`) ?? answer);
          given.set(`t${task}`, answer);
        }
      }),
    );
  });
});
