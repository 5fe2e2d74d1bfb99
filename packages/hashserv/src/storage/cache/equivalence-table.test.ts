import { sha256Hex } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { EquivalenceTable } from "./equivalence-table.ts";

const row = (i: number, method = `m${i % 3}`) => ({
  method,
  taskhash: sha256Hex(`task ${i}`),
  depid: sha256Hex(`depid ${i % 1000}`),
});

describe("a table of equivalences", () => {
  it("finds what was added and nothing else, over several blocks of rows", () => {
    const table = new EquivalenceTable(50_000);
    for (let i = 0; i < 20_000; i++) table.add(row(i));
    expect(table.size).toBe(20_000);
    for (let i = 0; i < 20_000; i++) {
      const { method, taskhash, depid } = row(i);
      expect(table.findDepId(method, taskhash)).toBe(depid);
      expect(table.hasDepId(depid)).toBe(true);
      expect(table.hasDepId(taskhash)).toBe(false);
      expect(table.findDepId("other", taskhash)).toBeUndefined();
      expect(table.findDepId(method, depid)).toBeUndefined();
    }
  });

  it("finds all rows, and takes none twice, at every stage of its hash tables' growth", () => {
    const table = new EquivalenceTable(10_000);
    for (let i = 0; i < 2_500; i++) {
      table.add(row(i));
      table.add(row(i - (i % 7)));
      expect(table.size).toBe(i + 1);
      for (let known = i % 50; known <= i; known += 50) {
        const { method, taskhash, depid } = row(known);
        expect([table.findDepId(method, taskhash), table.hasDepId(depid)]).toEqual([depid, true]);
      }
      if (i % 50 === 0) {
        const rows = Array.from({ length: 600 }, (_, known) => (known % 2 === 0 ? row(known) : row(i - known)));
        const odd = (text: string, at: number) => (at % 300 === 299 && i % 100 === 0 ? `x${text}` : text);
        const taskhashes = rows.map(({ taskhash }, at) => odd(taskhash, at));
        for (const method of ["m0", "m1", "m7"]) {
          const each = taskhashes.map((taskhash) => table.findDepId(method, taskhash));
          expect(table.findDepIds(method, taskhashes)).toEqual(each);
        }
        const depids = rows.map(({ depid, taskhash }, at) => odd(at % 5 === 0 ? taskhash : depid, at));
        expect(table.hasDepIds(depids)).toEqual(depids.map((depid) => table.hasDepId(depid)));
      }
      expect(table.findDepId("m0", row(i).depid)).toBeUndefined();
      expect(table.hasDepId(row(i).taskhash)).toBe(false);
    }
  });

  it("tells methods apart, and keeps the first depid of a task", () => {
    const table = new EquivalenceTable(10);
    const [one, two] = [row(1, "one"), { ...row(2), method: "two", taskhash: row(1).taskhash }];
    table.add(one);
    table.add(two);
    table.add({ ...one, depid: two.depid });
    expect(table.size).toBe(2);
    expect(table.findDepId("one", one.taskhash)).toBe(one.depid);
    expect(table.findDepId("two", one.taskhash)).toBe(two.depid);
  });

  it("does not keep rows with other text than digests, nor more methods than a byte can tell", () => {
    const table = new EquivalenceTable(1_000);
    table.add({ ...row(1), taskhash: "t" });
    table.add({ ...row(1), depid: row(1).depid.toUpperCase() });
    expect(table.size).toBe(0);
    expect(table.findDepId("m1", "t")).toBeUndefined();
    expect(table.hasDepId("u")).toBe(false);
    for (let i = 0; i < 300; i++) table.add(row(i, `m${i}`));
    expect(table.size).toBe(256);
    for (let i = 0; i < 300; i++) {
      expect(table.findDepId(`m${i}`, row(i).taskhash)).toBe(i < 256 ? row(i).depid : undefined);
    }
  });

  it("begins anew when it is full, and when it is cleared", () => {
    const table = new EquivalenceTable(10);
    for (let i = 0; i < 100; i++) {
      table.add(row(i));
      expect(table.findDepId(row(i).method, row(i).taskhash)).toBe(row(i).depid);
      expect(table.size).toBeLessThanOrEqual(10);
    }
    table.clear();
    expect(table.size).toBe(0);
    for (let i = 0; i < 100; i++) {
      expect(table.findDepId(row(i).method, row(i).taskhash)).toBeUndefined();
      expect(table.hasDepId(row(i).depid)).toBe(false);
    }
  });
});
