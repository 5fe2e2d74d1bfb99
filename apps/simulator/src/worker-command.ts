import { seconds, wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import type { Shutdown } from "./shutdown.ts";
import type { WorkerFlags } from "./worker.ts";

/** `depid worker`: measures samples of sweeps that others put into a queue. */
export function addWorkerFlags(command: Command, shutdown: Shutdown): void {
  withQueueFlags(command)
    .addOption(
      new Option("--jobs <n>", "samples that are replayed at a time; default: a processor each").argParser(
        wholeNumber(1),
      ),
    )
    .addOption(new Option("--until-idle", "end when nothing is in the queue, or with another worker"))
    .action(async (flags: WorkerFlags) => {
      if (flags.queue === undefined) command.error("error: expected --queue");
      await (await import("./worker.ts")).work(flags, shutdown);
    });
}

/** Adds `--queue`, `--store` and `--lost-after`. */
export function withQueueFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--queue <address>", "postgres://… of a database in which workers find samples").env("DEPID_QUEUE"),
    )
    .addOption(new Option("--store <folder>", "where all machines find what sweeps read; default: in the database"))
    .addOption(
      new Option("--lost-after <s>", "seconds without a sign of life after which another worker takes a sample")
        .argParser(seconds(86_400))
        .default(30),
    );
}
