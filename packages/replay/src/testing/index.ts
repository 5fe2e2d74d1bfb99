import { type DepId, parseDepId, parseOutHash, parseTaskHash, sha256Hex } from "@depid/hash";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import type { EquivalenceService, OutHashReport } from "../equivalence-service.ts";
import { OUTCOME_WORDS, type OutcomeSource } from "../outcomes/outcome-model.ts";

export { describePolicy } from "./policy-contract.ts";
export { sketchHistory } from "./sketch-history.ts";
export { createTableService } from "./table-service.ts";

/** The contract of `EquivalenceService`. @param open gives a service that knows nothing of the name space `contract` */
export function describeEquivalenceService(name: string, open: () => Promise<EquivalenceService>): void {
  describe(`the contract of an equivalence service: ${name}`, () => {
    const hash = (text: string) => sha256Hex(`contract ${text}`);
    const report = (task: string, output: string): OutHashReport => ({
      method: "contract",
      taskhash: parseTaskHash(hash(task)),
      outhash: parseOutHash(hash(output)),
      depid: parseDepId(hash(task)),
    });
    const ask = async (service: EquivalenceService, ...tasks: string[]): Promise<readonly (DepId | undefined)[]> =>
      service.getDepIds(tasks.map((task) => ({ method: "contract", taskhash: parseTaskHash(hash(task)) })));

    it("knows no depid before a report, and answers in the order asked after it", async () => {
      const service = await open();
      expect(await ask(service, "order 1", "order 2")).toEqual([undefined, undefined]);
      await service.reportAll([report("order 2", "order out")]);
      expect(await ask(service, "order 1", "order 2")).toEqual([undefined, hash("order 2")]);
    });

    it("gives the depid of the first report of an output to all later ones, in the order reported", async () => {
      const service = await open();
      const answers = await service.reportAll([
        report("first", "out"),
        report("other", "other out"),
        report("second", "out"),
      ]);
      expect(answers).toEqual([hash("first"), hash("other"), hash("first")]);
      expect(await ask(service, "second")).toEqual([hash("first")]);
    });

    it("never changes the depid of a taskhash", async () => {
      const service = await open();
      await service.reportAll([report("kept", "kept out 1"), report("rival", "kept out 2")]);
      expect(await service.reportAll([report("kept", "kept out 2")])).toEqual([hash("kept")]);
    });

    it("takes a declared depid for a taskhash that has none", async () => {
      const service = await open();
      const declare = (task: string, depid: string) =>
        service.reportEquiv({
          method: "contract",
          taskhash: parseTaskHash(hash(task)),
          depid: parseDepId(hash(depid)),
        });
      expect(await declare("declared", "wanted")).toBe(hash("wanted"));
      expect(await declare("declared", "other")).toBe(hash("wanted"));
      expect(await service.reportAll([report("declared", "declared out")])).toEqual([hash("wanted")]);
      expect(await ask(service, "declared")).toEqual([hash("wanted")]);
    });

    it("keeps methods apart", async () => {
      const service = await open();
      await service.reportAll([report("apart", "apart out")]);
      expect(await service.getDepIds([{ method: "contract-2", taskhash: parseTaskHash(hash("apart")) }])).toEqual([
        undefined,
      ]);
    });

    it("forgets what is removed, and nothing else: the next report of its output is the first one", async () => {
      const service = await open();
      await service.reportAll([report("gone", "gone out"), report("stays", "stays out")]);
      await service.removeAll([{ method: "contract", taskhash: parseTaskHash(hash("gone")) }]);
      expect(await ask(service, "gone", "stays")).toEqual([undefined, hash("stays")]);
      expect(await service.reportAll([report("next", "gone out"), report("same", "stays out")])).toEqual([
        hash("next"),
        hash("stays"),
      ]);
    });

    it("answers nothing when asked nothing", async () => {
      const service = await open();
      expect([await service.getDepIds([]), await service.reportAll([])]).toEqual([[], []]);
    });
  });
}

/** The contract of `OutcomeSource`. */
export function describeOutcomeSource(name: string, create: () => OutcomeSource): void {
  describe(`the contract of a source of outcomes: ${name}`, () => {
    it("gives the same change the same outcome, whatever it was asked before", () => {
      const change = (id: string) => ({
        step: { step: 1, id, commits: [] },
        before: sketchTask("a:do_x"),
        after: sketchTask("a:do_x"),
      });
      const model = create();
      const first = model.outcomeOf(change("1111111"));
      model.outcomeOf(change("2222222"));
      expect(model.outcomeOf(change("1111111"))).toEqual(first);
      expect(create().outcomeOf(change("1111111"))).toEqual(first);
      if (typeof first === "string") expect(OUTCOME_WORDS).toContain(first);
      else if (first !== undefined) expect(first).toEqual({ as: expect.stringMatching(/^[0-9a-f]{7,40}$/) });
    });
  });
}
