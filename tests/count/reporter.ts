import { join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { closingLine, writeCount } from "./count.ts";

/** Counts the tests of a run, for `npm test` to add up over projects, and ends with one plain line, `N passed, N failed`, whatever the other reporters print. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly { readonly message: string }[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    const failures = unhandledErrors.map(({ message }) => `no test's own: ${message}`);
    for (const module of modules) {
      if (module.errors().length > 0) {
        count.failed += 1;
        failures.push(`${module.relativeModuleId}: ${module.errors()[0]?.message}`);
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        count[state] += 1;
        if (state === "failed") failures.push(`${module.relativeModuleId} > ${test.fullName}`);
      }
    }
    const { passed, failed } = count;
    const sum = { passed, failed, skipped: count.skipped + count.pending, failures };
    const [project, ...others] = new Set(modules.map((module) => module.project));
    // A project is named by its folder. Who runs several keeps no count.
    if (project !== undefined && others.length === 0)
      writeCount(join(project.config.root, project.name), { run: process.env.DEPID_TEST_RUN, ...sum });
    // The default reporter prints its summary in the same hook; waiting for exit keeps this line the last one.
    process.once("exit", () => process.stdout.write(`\n${closingLine(sum)}`));
  }
}
