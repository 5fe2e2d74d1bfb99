import { type DepId, isDepId, parseDepId, parseTaskHash, type TaskHash, type Tid } from "@depid/hash";
import { basehashOf, diamond, sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import type { DepIdCache } from "../depid-cache.ts";
import type { DepIdRequest, DepIdSource, SignatureGenerator } from "../signature-generator.ts";
import { computeSignatures } from "../signatures.ts";
import { taskHashInput } from "../taskhash.ts";

/** The contract of `SignatureGenerator`; a new generator calls this in its test. */
export function describeSignatureGenerator(name: string, create: () => SignatureGenerator): void {
  describe(`the contract of a signature generator: ${name}`, () => {
    const requests = (generator: SignatureGenerator) =>
      ["a:do_x", "b:do_x", "c:do_x"].map((taskName, i): DepIdRequest => {
        const task = sketchTask(taskName, { setscene: i > 0 });
        return { task, taskhash: generator.taskhash(taskHashInput(task, [])), askable: task.setscene };
      });

    it("equal inputs give equal taskhashes of 64 hex digits", () => {
      const task = sketchTask("a:do_x");
      const hash = create().taskhash(taskHashInput(task, []));
      expect(isDepId(hash)).toBe(true);
      expect(create().taskhash(taskHashInput({ ...task }, []))).toBe(hash);
    });

    it("depids come in the order asked, one for each task", async () => {
      const forward = await create().depids(requests(create()));
      const backward = await create().depids(requests(create()).reverse());
      expect(forward).toHaveLength(3);
      expect(forward.every(isDepId)).toBe(true);
      expect([...backward].reverse()).toEqual(forward);
    });

    it("a task that is never asked for has its taskhash as depid", async () => {
      const [first] = requests(create());
      expect(await create().depids([first as DepIdRequest])).toEqual([first?.taskhash]);
    });

    it("no tasks, no depids", async () => {
      expect(await create().depids([])).toEqual([]);
    });

    it("every task of a graph gets a signature", async () => {
      const graph = diamond();
      const signatures = await computeSignatures(graph, create());
      expect(graph.tids.map((tid: Tid) => isDepId(signatures.get(tid).depid))).not.toContain(false);
    });
  });
}

/** The contract of `DepIdCache`. */
export function describeDepIdCache(name: string, create: () => DepIdCache): void {
  describe(`the contract of a depid cache: ${name}`, () => {
    const request = (own: string): DepIdRequest => ({
      task: sketchTask("a:do_x"),
      taskhash: parseTaskHash(basehashOf(own)),
      askable: true,
    });
    it("finds what was stored for the task's current taskhash, and nothing for another", () => {
      const cache = create();
      const depid = parseDepId("d".repeat(64));
      expect(cache.find(request("1"))).toBeUndefined();
      cache.store(request("1"), depid);
      expect(cache.find(request("1"))).toBe(depid);
      expect(cache.find(request("2"))).toBeUndefined();
    });
  });
}

/**
 * The contract of `DepIdSource`.
 *
 * @param open gives a source that knows these depids under the method `contract`, and no others
 */
export function describeDepIdSource(
  name: string,
  open: (known: ReadonlyMap<TaskHash, DepId>) => Promise<DepIdSource>,
): void {
  describe(`the contract of a depid source: ${name}`, () => {
    const [known, other] = ["known", "other"].map((text) => parseTaskHash(basehashOf(`source ${text}`))) as [
      TaskHash,
      TaskHash,
    ];
    const depid = parseDepId("d".repeat(64));

    it("answers in the order asked, with undefined for what it does not know", async () => {
      const source = await open(new Map([[known, depid]]));
      const queries = [other, known, other].map((taskhash) => ({ method: "contract", taskhash }));
      expect(await source.getDepIds(queries)).toEqual([undefined, depid, undefined]);
    });

    it("keeps methods apart", async () => {
      const source = await open(new Map([[known, depid]]));
      expect(await source.getDepIds([{ method: "other", taskhash: known }])).toEqual([undefined]);
    });

    it("takes batches of thousands, and none at all", async () => {
      const source = await open(new Map([[known, depid]]));
      const many = Array.from({ length: 5000 }, (_, i) => ({
        method: "contract",
        taskhash: i % 2 === 0 ? known : other,
      }));
      expect((await source.getDepIds(many)).filter((it) => it === depid)).toHaveLength(2500);
      expect(await source.getDepIds([])).toEqual([]);
    });

    it("answers calls that overlap each with its own", async () => {
      const source = await open(new Map([[known, depid]]));
      const ask = (taskhash: TaskHash) => source.getDepIds([{ method: "contract", taskhash }]);
      expect(await Promise.all([ask(known), ask(other), ask(known)])).toEqual([[depid], [undefined], [depid]]);
    });
  });
}
