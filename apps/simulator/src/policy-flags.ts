import { defaultPolicyNames, policyNames } from "@depid/replay/policy-names";
import { type Command, Option } from "commander";

const others = policyNames.filter((name) => !defaultPolicyNames.some((it) => it === name));

const DEFAULT = defaultPolicyNames.join(",");

/** The flag that says what policies know. */
export interface PolicyOptionsFlag {
  readonly policyOptions?: string;
}

/** Adds `--policy` and `--policy-options`, which `InputFlags` has. @param policies that are the default */
export function withPolicyFlags(command: Command, policies = DEFAULT): Command {
  return withPolicyOptionsFlag(
    command.addOption(
      new Option(
        "--policy <a,b,c>",
        `of ${defaultPolicyNames.join(", ")}; ${others.join(", ")}; all; or paths of plug-in modules; equivhash:METHOD for another output hash`,
      ).default(policies, policies === DEFAULT ? "the first six" : policies),
    ),
  );
}

/** Adds `--policy-options`. */
export function withPolicyOptionsFlag(command: Command): Command {
  return command.addOption(
    new Option("--policy-options <file>", "what policies know beyond the history: depid-policy-options/1 (YAML)"),
  );
}
