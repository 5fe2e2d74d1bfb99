import { defaultPolicyNames, policyNames } from "@depid/replay/policy-names";
import { type Command, Option } from "commander";

const others = policyNames.filter((name) => !defaultPolicyNames.some((it) => it === name));

/** Adds `--policy` and `--policy-options`, which `InputFlags` has. */
export function withPolicyFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--policy <a,b,c>",
        `of ${defaultPolicyNames.join(", ")}; ${others.join(", ")}; all; or paths of plug-in modules; equivhash:METHOD for another output hash`,
      ).default(defaultPolicyNames.join(","), "the first six"),
    )
    .addOption(
      new Option("--policy-options <file>", "what policies know beyond the history: depid-policy-options/1 (YAML)"),
    );
}
