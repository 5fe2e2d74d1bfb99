import { defaultPolicyNames, policyNames } from "@depid/replay/policy-names";
import { type Command, Option } from "commander";

const others = policyNames.filter((name) => !defaultPolicyNames.some((it) => it === name));

const DEFAULT = defaultPolicyNames.join(",");

/** Adds `--policy` and `--policy-options`, which `InputFlags` has. @param policies that are the default */
export function withPolicyFlags(command: Command, policies = DEFAULT): Command {
  return command
    .addOption(
      new Option(
        "--policy <a,b,c>",
        `of ${defaultPolicyNames.join(", ")}; ${others.join(", ")}; all; or paths of plug-in modules; equivhash:METHOD for another output hash`,
      ).default(policies, policies === DEFAULT ? "the first six" : policies),
    )
    .addOption(
      new Option("--policy-options <file>", "what policies know beyond the history: depid-policy-options/1 (YAML)"),
    );
}
