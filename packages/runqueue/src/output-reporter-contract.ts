import { type DepId, isDepId, sha256Hex, type TaskHash } from "@depid/hash";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import type { OutputReport, OutputReporter } from "./world.ts";

/**
 * The contract of `OutputReporter`: every implementation runs it.
 *
 * @param open gives a reporter to whose server nothing was reported yet, and which knows an output for any task; called once
 *   per test
 */
export function describeOutputReporter(name: string, open: () => OutputReporter | Promise<OutputReporter>): void {
  describe(`${name} as an OutputReporter`, () => {
    it("answers an empty batch with an empty one", async () => {
      const reporter = await open();
      expect(await reporter.report([])).toEqual([]);
    });
    it("answers each report with a depid, in the order of the reports", async () => {
      const reporter = await open();
      const answers = await reporter.report([reportOf("a:do_x"), reportOf("b:do_x")]);
      expect(answers.map(isDepId)).toEqual([true, true]);
      expect(await reporter.report([reportOf("b:do_x"), reportOf("a:do_x")])).toEqual([answers[1], answers[0]]);
    });
    it("answers a first report of an output with the depid that was sent", async () => {
      const reporter = await open();
      const report = reportOf("a:do_x");
      expect(await reporter.report([report])).toEqual([report.depid]);
    });
    it("never changes an answer", async () => {
      const reporter = await open();
      const [first] = await reporter.report([reportOf("a:do_x")]);
      const again = { ...reportOf("a:do_x"), depid: sha256Hex("another") as DepId };
      expect(await reporter.report([again])).toEqual([first]);
    });
  });
}

function reportOf(name: string): OutputReport {
  const hash = sha256Hex(name);
  return { task: sketchTask(name, { setscene: true }), taskhash: hash as TaskHash, depid: hash as DepId };
}
