import { defineConfig } from "vitest/config";
import { listPackageFolders, listTestFolders } from "./tests/folders.ts";
import { timeLimit } from "./tests/time-limit.ts";

/** A project for each package and app, by its folder, which `npm test` of the package runs; and one for each folder of tests of the repository. */
const projects = [
  ...listPackageFolders(import.meta.dirname).map((name) => ({ name, include: [`${name}/src/**/*.test.ts`] })),
  ...listTestFolders(import.meta.dirname).map((name) => ({ name, include: [`${name}/*.test.ts`] })),
];

export default defineConfig({
  ssr: { resolve: { conditions: ["@depid/source", "node"] } },
  resolve: { conditions: ["@depid/source"] },
  test: {
    projects: projects.map((test) => ({ extends: true, test })),
    // Also on two processors, where one would be left to the system: much of what tests do is waiting for other processes.
    maxWorkers: "100%",
    setupFiles: ["./tests/reap.ts"],
    reporters: ["default", "./tests/count/reporter.ts"],
    testTimeout: timeLimit(120),
    hookTimeout: timeLimit(120),
    teardownTimeout: timeLimit(60),
    // A second by default: too little for another process on a busy machine.
    expect: { poll: { timeout: timeLimit(60) } },
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.testing.ts"],
      reporter: ["text-summary"],
    },
  },
});
