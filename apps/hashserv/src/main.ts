import { on } from "node:events";
import { isatty } from "node:tty";
import { guardStdout } from "@depid/command-line";
import { runHashserv } from "./program.ts";

const STDERR = 2;
const hadTerminal = isatty(STDERR);
// From the first moment on: one that comes while the server starts is not lost.
const rereads = on(process, "SIGHUP");

const ended = new Promise<void>((resolve) => {
  for (const signal of ["SIGTERM", "SIGINT", "SIGQUIT"] as const) process.on(signal, () => resolve());
  // It is also what the system sends when a terminal is closed. Who was started from one ends with it.
  process.on("SIGHUP", () => {
    if (hadTerminal && !isatty(STDERR)) resolve();
  });
});
guardStdout("depid-hashserv");

const status = await runHashserv({
  args: process.argv.slice(2),
  env: process.env,
  print: (line) => process.stderr.write(`${line}\n`),
  rereads,
  ended,
  exit: (status) => process.exit(status),
});
process.exitCode = status;
// Whoever failed may have left something open.
if (status !== 0) process.exit();
