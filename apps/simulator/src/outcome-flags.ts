import { type Command, Option } from "commander";

/** Adds `--outcomes`, `--unique`, `--irreproducible`, `--outhash-extra` and `--strict`, which `OutcomeFlags` has. */
export function withOutcomeFlags(command: Command): Command {
  return withSourceFlags(command, "pessimistic", "pessimistic or neutral").addOption(
    new Option("--strict", "exit 1 if a label matched nothing, or no label and no recording a change"),
  );
}

/**
 * The same without `--strict`.
 *
 * @param bound what decides where nothing else does, by default
 * @param bounds what may be last
 */
export function withSourceFlags(command: Command, bound: string, bounds: string): Command {
  return command
    .addOption(
      new Option(
        "--outcomes <chain>",
        `what is known of outputs, with commas between, the first that knows decides: recorded:SOURCE, labels:FILE, …, last ${bounds}`,
      ).default(bound),
    )
    .addOption(
      new Option("--unique <list>", "tasks whose output names their own hash: those of OE-Core's SPDX 3, or none")
        .choices(["oe-core", "none"])
        .default("oe-core"),
    )
    .addOption(
      new Option(
        "--irreproducible <file>",
        "tasks that are not reproducible: with which probability a run gives another output (YAML)",
      ),
    )
    .addOption(
      new Option(
        "--outhash-extra <kind>",
        "whether outhashes hold depids of sysroots below; default: as the history says",
      ).choices(["oe-core", "none"]),
    );
}
