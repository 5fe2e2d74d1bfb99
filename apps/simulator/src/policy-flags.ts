import { defaultPolicyNames, policyNames } from "@depid/replay/policy-names";
import { type Command, Option } from "commander";

/** Adds `--policy` and `--policy-options`, which `InputFlags` has. */
export function withPolicyFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--policy <a,b,c>", `of ${policyNames.join(", ")}; all; or paths of plug-in modules`).default(
        defaultPolicyNames.join(","),
        defaultPolicyNames.join(","),
      ),
    )
    .addOption(
      new Option("--policy-options <file>", "what policies know beyond the history, as depid-policy-options/1 (YAML)"),
    );
}
