import { guardStdout } from "@depid/command-line";
import { runDepid } from "./program.ts";
import { Shutdown } from "./shutdown.ts";

guardStdout("depid");
const shutdown = new Shutdown();
try {
  await runDepid(process.argv.slice(2), shutdown);
} finally {
  await shutdown.run();
}
