import { join } from "node:path";
import { type DepId, parseDepId, parseTaskHash, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { TaskGraph } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { basehashOf, chain, diamond, sketchGraph, sketchTask, tidOf } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  computeSignatures,
  createBasic,
  createBasicHash,
  createEquivHash,
  createNoop,
  createTaskCache,
  createTaskHashCache,
  type DepIdQuery,
  type DepIdSource,
  digestTaskHashes,
  getGenerator,
  lockSignatures,
  SiggenError,
  type SignatureGenerator,
  taskHashOf,
  taskHashText,
} from "./index.ts";
import { describeDepIdCache, describeDepIdSource, describeSignatureGenerator } from "./testing/index.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const [A, B, C, D] = ["a:do_x", "b:do_x", "c:do_x", "d:do_x"].map(tidOf) as [Tid, Tid, Tid, Tid];

describe("recorded histories of OE-Core", () => {
  it.each([
    ["core-image-minimal", "examples/oe-core/core-image-minimal.history.jsonl.gz", 42],
    ["world", "fixtures/histories/world.history.jsonl.gz", 1],
  ])("of %s: every step gives its recorded digest, hashed step by step", async (_name, file, steps) => {
    const history = await readHistory(join(REPOSITORY, file));
    const graph = new TaskGraph([]);
    const signatures = await computeSignatures(graph, createBasicHash());
    let agreeing = 0;
    for (const { change, expect: expected } of history.steps) {
      graph.apply(change);
      const changes = await signatures.update([...change.upsert.map((task) => task.tid), ...change.remove]);
      expect(digestTaskHashes(graph, signatures)).toBe(expected.taskhashes);
      if (expected.changed !== undefined) {
        expect(changes.filter((it) => it.before && it.after && it.before.taskhash !== it.after.taskhash)).toHaveLength(
          expected.changed,
        );
      }
      agreeing += 1;
    }
    expect(agreeing).toBe(steps);
    expect(digestTaskHashes(graph, await computeSignatures(graph, createBasicHash()))).toBe(
      history.steps.at(-1)?.expect.taskhashes,
    );
  });
});

describe("the text of a taskhash", () => {
  const input = {
    tid: A,
    basehash: basehashOf("a"),
    hashdeps: [B],
    depids: [parseDepId("b".repeat(64))],
    files: [],
    taint: undefined,
  };
  it("is basehash, depids, files, taint, without separators", () => {
    expect(taskHashText({ ...input, files: [["f", "1"]], taint: "t" })).toBe(`${input.basehash}${"b".repeat(64)}1t`);
  });
  it("has the name of a file only in its ./ form, and nothing of a file without checksum", () => {
    expect(
      taskHashText({
        ...input,
        depids: [],
        files: [
          ["f", "1"],
          ["./d/g", "2"],
          ["./h", null],
        ],
      }),
    ).toBe(`${input.basehash}1./d/g2`);
  });
  it("has a taint without its nostamp: prefix", () => {
    expect(taskHashText({ ...input, depids: [], taint: "nostamp:u" })).toBe(`${input.basehash}u`);
  });
});

/** A server in a table, for one method. */
function sourceOf(
  known: ReadonlyMap<TaskHash, DepId>,
  method = "m",
): DepIdSource & { readonly batches: (readonly DepIdQuery[])[] } {
  const batches: (readonly DepIdQuery[])[] = [];
  return {
    batches,
    getDepIds: async (queries) => {
      batches.push(queries);
      return queries.map((query) => (query.method === method ? known.get(query.taskhash) : undefined));
    },
  };
}
const equivHash = (known = new Map<TaskHash, DepId>()) => createEquivHash({ method: "m", source: sourceOf(known) });

describeDepIdSource("a table", async (known) => sourceOf(known, "contract"));
describeSignatureGenerator("noop", createNoop);
describeSignatureGenerator("basic", createBasic);
describeSignatureGenerator("basichash", createBasicHash);
describeSignatureGenerator("basichash, locked", () => lockSignatures(createBasicHash(), { taskhashes: new Map() }));
describeSignatureGenerator("equivhash", () => equivHash());
describeDepIdCache("one taskhash per task", createTaskCache);
describeDepIdCache("every taskhash", () => createTaskHashCache());

describe("generators", () => {
  it("noop hashes the tid alone", async () => {
    const signatures = await computeSignatures(chain(), createNoop());
    expect(signatures.get(A).taskhash).toBe(sha256Hex(A));
  });

  it.each([
    ["basic", "none"],
    ["basichash", "taskhash"],
    ["equivhash", "depid"],
    ["noop", "none"],
  ])("%s puts %s into the names of stamps", (name, stampHash) => {
    expect(getGenerator(name)({ method: "m", source: sourceOf(new Map()) }).stampHash).toBe(stampHash);
  });

  it("an unknown name is an error that lists the names", () => {
    expect(() => getGenerator("toString")).toThrow(SiggenError);
    expect(() => getGenerator("sha1")).toThrow(
      'no signature generator "sha1": expected one of noop, basic, basichash, equivhash',
    );
  });
});

describe("equivhash", () => {
  const setscene = { setscene: true };
  const graph = () =>
    sketchGraph({ "a:do_x": setscene, "b:do_x": { deps: ["a:do_x"] }, "c:do_x": { ...setscene, deps: ["b:do_x"] } });

  it("hashes the depid of a dependency, not its taskhash", async () => {
    const plain = await computeSignatures(graph(), createBasicHash());
    const depid = parseDepId("e".repeat(64));
    const signatures = await computeSignatures(graph(), equivHash(new Map([[plain.get(A).taskhash, depid]])));
    expect(signatures.get(A)).toMatchObject({ taskhash: plain.get(A).taskhash, depid });
    expect(signatures.get(B).depids).toEqual([depid]);
    expect(signatures.get(B).taskhash).not.toBe(plain.get(B).taskhash);
  });

  it("asks for setscene tasks only, one batch a generation", async () => {
    const source = sourceOf(new Map());
    const wide = sketchGraph({
      "a:do_x": setscene,
      "b:do_x": setscene,
      "c:do_x": {},
      "d:do_x": { ...setscene, deps: ["a:do_x", "b:do_x", "c:do_x"] },
    });
    await computeSignatures(wide, createEquivHash({ method: "m", source }));
    expect(source.batches.map((batch) => batch.length)).toEqual([2, 1]);
  });

  it("asks for all tasks when the build has no setscene task", async () => {
    const source = sourceOf(new Map());
    await computeSignatures(graph(), createEquivHash({ method: "m", source }), { setscene: new Set() });
    expect(source.batches.map((batch) => batch.length)).toEqual([1, 1, 1]);
  });

  it("does not ask again for a taskhash it has an answer for, even if the answer was that none is known", async () => {
    const source = sourceOf(new Map());
    const generator = createEquivHash({ method: "m", source });
    await computeSignatures(graph(), generator);
    const asked = source.batches.length;
    await computeSignatures(graph(), generator);
    expect(source.batches).toHaveLength(asked);
  });
});

describe("locked signatures", () => {
  const [locked, mapped] = ["1", "2"].map((digit) => parseTaskHash(digit.repeat(64))) as [TaskHash, TaskHash];

  it("give a task the listed value for taskhash and depid, and dependents hash it", async () => {
    const generator = lockSignatures(createBasicHash(), { taskhashes: new Map([[B, locked]]) });
    const signatures = await computeSignatures(chain(), generator);
    expect(signatures.get(B)).toMatchObject({ taskhash: locked, depid: locked });
    expect(signatures.get(C).depids).toEqual([locked]);
    expect(signatures.get(A).taskhash).toBe((await computeSignatures(chain(), createBasicHash())).get(A).taskhash);
  });

  it("map a task's taskhash to a depid, and leave other taskhashes alone", async () => {
    const plain = await computeSignatures(chain(), createBasicHash());
    const depid = parseDepId(mapped);
    const map = (taskhash: TaskHash) => new Map([[A, new Map([[taskhash, depid]])]]);
    const hit = lockSignatures(createBasicHash(), { taskhashes: new Map(), depids: map(plain.get(A).taskhash) });
    const miss = lockSignatures(createBasicHash(), { taskhashes: new Map(), depids: map(locked) });
    expect((await computeSignatures(chain(), hit)).get(B).depids).toEqual([depid]);
    expect((await computeSignatures(chain(), miss)).get(B).depids).toEqual([plain.get(A).depid]);
  });

  it("are not asked for at the server", async () => {
    const source = sourceOf(new Map());
    const base = createEquivHash({ method: "m", source });
    const graph = sketchGraph({ "a:do_x": { setscene: true }, "b:do_x": { setscene: true } });
    await computeSignatures(graph, lockSignatures(base, { taskhashes: new Map([[A, locked]]) }));
    expect(source.batches.flat()).toHaveLength(1);
  });
});

describe("caches of depids", () => {
  const request = (taskhash: string) => ({
    task: sketchTask("a:do_x"),
    taskhash: parseTaskHash(taskhash.repeat(64)),
    askable: true,
  });
  const depid = parseDepId("d".repeat(64));

  it("BitBake's forgets a task's earlier taskhash", () => {
    const cache = createTaskCache();
    cache.store(request("1"), depid);
    cache.store(request("2"), depid);
    expect(cache.find(request("1"))).toBeUndefined();
    expect(cache.find(request("2"))).toBe(depid);
  });

  it("the RFC's keeps it, and forgets what was not used for longest when it is full", () => {
    const cache = createTaskHashCache(2);
    cache.store(request("1"), depid);
    cache.store(request("2"), depid);
    cache.find(request("1"));
    cache.store(request("3"), depid);
    expect([cache.find(request("1")), cache.find(request("2")), cache.find(request("3"))]).toEqual([
      depid,
      undefined,
      depid,
    ]);
  });
});

describe("an update", () => {
  const changed = (name: string, deps: string[]) => sketchTask(name, { deps, basehash: basehashOf(`${name} changed`) });

  it("stops where depids stay", async () => {
    const graph = diamond();
    const stays = parseDepId("5".repeat(64));
    const generator: SignatureGenerator = {
      ...createBasicHash(),
      depids: (tasks) => tasks.map(({ task, taskhash }) => (task.tid === B ? stays : parseDepId(taskhash))),
    };
    const hashed: Tid[] = [];
    const signatures = await computeSignatures(graph, { ...generator, taskhash: (input) => taskHashOf(input) });
    graph.apply({ upsert: [changed("b:do_x", ["a:do_x"])], remove: [] });
    const changes = await signatures.update([B]);
    for (const { tid } of changes) hashed.push(tid);
    expect(hashed).toEqual([B]);
  });

  it("hashes each task of the cone once and nothing else", async () => {
    const hashed: Tid[] = [];
    const generator: SignatureGenerator = {
      ...createBasicHash(),
      taskhash: (input) => {
        hashed.push(input.tid);
        return taskHashOf(input);
      },
    };
    const graph = diamond();
    const signatures = await computeSignatures(graph, generator);
    hashed.length = 0;
    graph.apply({ upsert: [changed("b:do_x", ["a:do_x"])], remove: [] });
    await signatures.update([B]);
    expect(hashed).toEqual([B, D]);
  });

  it("tells of tasks that came and went", async () => {
    const graph = chain();
    const signatures = await computeSignatures(graph, createBasicHash());
    graph.apply({ upsert: [sketchTask("d:do_x", { deps: ["b:do_x"] })], remove: [C] });
    const changes = await signatures.update([D, C]);
    expect(changes.map(({ tid, before, after }) => [tid, before !== undefined, after !== undefined])).toEqual([
      [C, true, false],
      [D, false, true],
    ]);
    expect(signatures.find(C)).toBeUndefined();
  });

  it("gives what hashing everything anew gives, whatever changes in whatever order", async () => {
    const change = fc.record({ task: fc.nat(5), own: fc.nat(3), deps: fc.nat(31) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (changes) => {
        const graph = new TaskGraph([0, 1, 2, 3, 4, 5].map((i) => sketchTask(`t${i}:do_x`, { setscene: i % 2 === 0 })));
        const signatures = await computeSignatures(graph, createBasicHash());
        for (const { task, own, deps } of changes) {
          const below = [0, 1, 2, 3, 4].filter((k) => k < task && deps & (1 << k)).map((k) => `t${k}:do_x`);
          const row = sketchTask(`t${task}:do_x`, { deps: below, basehash: basehashOf(String(own)) });
          graph.apply({ upsert: [row], remove: [] });
          await signatures.update([row.tid]);
        }
        const anew = await computeSignatures(graph, createBasicHash());
        return graph.tids.every((tid) => signatures.get(tid).taskhash === anew.get(tid).taskhash);
      }),
    );
  });
});
