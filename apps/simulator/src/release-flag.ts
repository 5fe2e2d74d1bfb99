import { outsideReason } from "@depid/hash";
import { type ReleaseRules, rulesOfRelease } from "@depid/runqueue/release";
import type { HistoryHeader } from "@depid/task-graph";
import { type Command, InvalidArgumentError, Option } from "commander";

export interface ReleaseFlag {
  readonly release?: ReleaseRules;
}

/** Adds `--release`. */
export function withReleaseFlag(command: Command): Command {
  return command.addOption(
    new Option(
      "--release <version>",
      "release of BitBake whose rules hold, such as 2.8; default: that which recorded the history",
    ).argParser((text) => {
      try {
        return rulesOfRelease(text);
      } catch (cause) {
        throw new InvalidArgumentError(outsideReason(cause));
      }
    }),
  );
}

/** The rules asked for, or those of the BitBake that the header of a history names (`tool`); `undefined` if it names none: the newest. */
export function releaseOf({ release }: ReleaseFlag, { tool = "" }: HistoryHeader): ReleaseRules | undefined {
  const [, version] = /bitbake (\d+\.\d+[\w.]*)/i.exec(tool) ?? [];
  return release ?? (version === undefined ? undefined : rulesOfRelease(version));
}
