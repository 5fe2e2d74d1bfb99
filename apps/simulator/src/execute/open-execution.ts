import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Topology } from "@depid/replay";
import type { Scenario } from "@depid/scenario";
import { OptionError } from "../outcomes/errors.ts";
import type { Shutdown } from "../shutdown.ts";
import { ExecutedBuilds } from "./executed-builds.ts";
import { ExecutedOutputs } from "./executed-outputs.ts";
import { canCutNetwork } from "./sandbox.ts";

/** The flags that have commands of a scenario run. */
export interface ExecuteFlags {
  readonly execute?: true;
  /** Seconds that a command may take. */
  readonly executeLimit?: number;
  /** Whether tasks take the seconds that their commands took. */
  readonly executeTimes?: true;
}

/** A scenario whose commands were run, and whose builds can be done. */
export interface Execution {
  readonly outputs: ExecutedOutputs;
  readonly builds: ExecutedBuilds;
  /** Whether commands have no network. */
  readonly cutsNetwork: boolean;
}

/**
 * Runs the commands of a scenario, as a clean build of each step does. All is below one folder, which is removed when the program ends.
 *
 * @throws {OptionError} when there is no scenario, or the topology has what no command can show
 * @throws {ExecutionError} when a task has no command, or one fails
 */
export async function openExecution(
  scenario: Scenario | undefined,
  topology: Topology | undefined,
  { executeLimit = 60 }: ExecuteFlags,
  shutdown: Shutdown,
): Promise<Execution> {
  if (scenario === undefined)
    throw new OptionError("--execute: expected a scenario, which has commands to run, found a history");
  const unfit = topology === undefined ? undefined : findUnfit(topology);
  if (unfit !== undefined)
    throw new OptionError(
      `--execute: expected a topology whose builders run commands alike and share caches, found ${unfit}`,
    );
  const folder = await mkdtemp(join(tmpdir(), "depid-execute-"));
  shutdown.removeAtEnd(folder);
  const cutsNetwork = await canCutNetwork();
  const outputs = new ExecutedOutputs(
    scenario,
    { seconds: executeLimit, cutsNetwork, signal: shutdown.signal },
    folder,
  );
  await outputs.runAll();
  return { outputs, builds: new ExecutedBuilds(outputs, folder), cutsNetwork };
}

/** What of a topology is not done in earnest. */
function findUnfit({ builders, caches }: Topology): string | undefined {
  const mirror = caches.find(({ mirrorOf }) => mirrorOf !== undefined);
  if (mirror !== undefined) return `cache ${mirror.name}, a mirror`;
  const builder = builders.find(({ mirrors, diverges }) => (mirrors ?? diverges) !== undefined);
  return builder && `builder ${builder.name} with ${builder.mirrors === undefined ? "diverges" : "mirrors"}`;
}
