import type { ReplayedScenario } from "../documents/index.ts";
import type { ExecutionAccount } from "./executed-builds.ts";

/** What was done in earnest, as text. @param cutsNetwork whether commands had no network */
export function formatExecution(account: ExecutionAccount, cutsNetwork: boolean): string {
  const { clean, executed, stored, restored, compared, differences } = account;
  const network = cutsNetwork ? [] : ["Commands had a network: it cannot be cut off here (unshare -rn)."];
  const lines = differences.map(
    ({ step, policy, task, stale }) =>
      `- NOT AS REPLAYED: step ${step}, ${policy}, ${task}: expected an output ${stale ? "other than" : "as"} in a clean build, found ${stale ? "the same" : "another one"}`,
  );
  return [
    "## What was executed",
    "",
    `Commands ran ${clean} times to know what clean builds make, and ${executed} times for builds of the policies; ${stored} objects were stored, and ${restored} restored from these. ${compared} outputs were held against what the replay says of them${differences.length === 0 ? ": all are as it says." : "."}`,
    ...network,
    ...(lines.length === 0 ? [] : ["", ...lines]),
  ].join("\n");
}

/** The same as data: `execution` of `scenario` in `depid-replay/1`. */
export function executionDocument(
  account: ExecutionAccount,
  cutsNetwork: boolean,
): NonNullable<ReplayedScenario["execution"]> {
  return { ...account, network: !cutsNetwork };
}
