import { defineConfig } from "vitest/config";
import { timeLimit } from "./tests/time-limit.ts";

export default defineConfig({
  ssr: { resolve: { conditions: ["@depid/source", "node"] } },
  resolve: { conditions: ["@depid/source"] },
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    // Also on two processors, where one would be left to the system: much of what tests do is waiting for other processes.
    maxWorkers: "100%",
    setupFiles: ["./tests/reap.ts"],
    reporters: ["default", "./tests/closing-line.ts"],
    testTimeout: timeLimit(120),
    hookTimeout: timeLimit(120),
    teardownTimeout: timeLimit(60),
  },
});
