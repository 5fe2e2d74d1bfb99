import { runHashserv } from "./program.ts";

const ended = new Promise<void>((resolve) => {
  for (const signal of ["SIGTERM", "SIGINT", "SIGQUIT"] as const) process.on(signal, () => resolve());
});

process.exitCode = await runHashserv({
  args: process.argv.slice(2),
  env: process.env,
  print: (line) => process.stderr.write(`${line}\n`),
  ended,
});
