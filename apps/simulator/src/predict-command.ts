import { decimal, wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import { withDurationFlags } from "./duration-flags.ts";
import { withSourceFlags } from "./outcome-flags.ts";
import type { PredictFlags } from "./predict.ts";
import { withReleaseFlag } from "./release-flag.ts";
import type { Shutdown } from "./shutdown.ts";

/** `depid predict`: what a build will cost where another was done before. Exit status 1 above `--fail-above`. */
export function addPredictFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument(
      "<BASE>",
      "the build that was done before: capture, HISTORY@STEP, folder or files of sigdata, build directory",
    )
    .argument("<HEAD>", "the build to predict")
    .addOption(
      new Option(
        "--policy <a,b,c>",
        "names as in depid replay, or paths of plug-in modules; the first is in use",
      ).default("equivhash,basichash"),
    )
    .addOption(
      new Option("--policy-options <file>", "what policies know beyond the history: depid-policy-options/1 (YAML)"),
    )
    .addOption(new Option("--server <address>", "hash equivalence server; auto starts one").default("auto"))
    .addOption(
      new Option("--builder <kind>", "whether HEAD is built in a new directory, or in that of BASE")
        .choices(["fresh", "persistent"])
        .default("fresh"),
    )
    .addOption(
      new Option("--topology <file>", "who builds, with which servers and caches; in place of --builder").conflicts(
        "builder",
      ),
    )
    .addOption(new Option("--workers <n>", "tasks that run at a time").argParser(wholeNumber(1)).default(4));
  withReleaseFlag(withSourceFlags(command, "classes", "pessimistic or neutral"));
  withDurationFlags(command)
    .addOption(new Option("--seed <n>", "decides what is random in a build").argParser(wholeNumber(0)).default(0))
    .addOption(
      new Option(
        "--fail-above <hours>",
        "exit 1 if the first policy is expected to take more, one task after another",
      ).argParser(decimal(0, 1e6)),
    )
    .addOption(new Option("--markdown", "a comment for a merge request").conflicts("json"))
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (base: string, head: string, flags: PredictFlags) =>
      (await import("./predict.ts")).predict(base, head, flags, shutdown),
    );
}
