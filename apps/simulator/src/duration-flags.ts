import { repeated } from "@depid/command-line/flags";
import type { Durations, Measure } from "@depid/durations";
import { type Command, Option } from "commander";

/** The flags of every command that tells hours. */
export interface DurationFlags {
  readonly durations?: readonly string[];
  readonly durationMeasure: Measure;
}

/** Adds `--durations` and `--duration-measure`. */
export function withDurationFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--durations <files>",
        "how long tasks take: buildstats folders, their JSON, tables of import buildstats, CSV; several: medians",
      ).argParser(repeated((file) => file)),
    )
    .addOption(
      new Option("--duration-measure <figure>", "seconds by the clock or of the processors")
        .choices(["elapsed", "cpu"])
        .default("elapsed"),
    );
}

/** The durations that were named; `undefined` if none were: then no hours are told. @throws as `loadDurations` */
export async function readDurations({ durations, durationMeasure }: DurationFlags): Promise<Durations | undefined> {
  if (durations === undefined) return undefined;
  return (await import("./durations.ts")).loadDurations(durations, durationMeasure);
}
