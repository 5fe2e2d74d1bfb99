import { defineConfig } from "vitest/config";
import { timeLimit } from "./tests/time-limit.ts";

export default defineConfig({
  ssr: { resolve: { conditions: ["@depid/source", "node", "import", "default"] } },
  resolve: { conditions: ["@depid/source"] },
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    setupFiles: ["./tests/reap.ts"],
    reporters: ["default", "./tests/closing-line.ts"],
    testTimeout: timeLimit(120),
    hookTimeout: timeLimit(120),
    teardownTimeout: timeLimit(60),
  },
});
