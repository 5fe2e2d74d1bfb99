import { byCodePoint, splitTid } from "@depid/hash";
import type { Capture } from "@depid/task-graph";
import { ConfigNotFoundError } from "./errors.ts";

/** Which multiconfig of the first capture is compared with which of the second; "" is the default configuration. */
export interface ConfigMatch {
  readonly before: string;
  readonly after: string;
}

/** The configurations of two captures. */
export interface Configs {
  /** Two that are compared though they have other names; `undefined`: only equal names are compared. */
  readonly match: ConfigMatch | undefined;
  /** Configurations of one capture only that nothing was compared with, by code point. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Configuration by which the tasks of `match` are named. */
  readonly name: string;
}

/**
 * Which configurations of two captures belong together: those with one name; and where each capture has just one that the other does not
 * have, these two.
 *
 * @param wanted says which; all others are not compared then
 * @throws {ConfigNotFoundError} when a capture does not have the one that is wanted
 */
export function matchConfigs(before: Capture, after: Capture, wanted?: ConfigMatch): Configs {
  const olds = configsOf(before);
  const news = configsOf(after);
  if (wanted !== undefined) {
    if (!olds.has(wanted.before)) throw new ConfigNotFoundError(wanted.before, "first", sorted(olds));
    if (!news.has(wanted.after)) throw new ConfigNotFoundError(wanted.after, "second", sorted(news));
    return { match: wanted, onlyBefore: [], onlyAfter: [], name: "" };
  }
  const onlyBefore = sorted(olds).filter((it) => !news.has(it));
  const onlyAfter = sorted(news).filter((it) => !olds.has(it));
  const [old, young] = [onlyBefore[0], onlyAfter[0]];
  if (old === undefined || young === undefined || onlyBefore.length > 1 || onlyAfter.length > 1) {
    return { match: undefined, onlyBefore, onlyAfter, name: "" };
  }
  const name = olds.size === 1 && news.size === 1 ? "" : young;
  return { match: { before: old, after: young }, onlyBefore: [], onlyAfter: [], name };
}

/** The tasks of one configuration of a capture. */
export function selectConfig(capture: Capture, config: string): Capture {
  return { ...capture, tasks: capture.tasks.filter(({ tid }) => splitTid(tid).config === config) };
}

/** What a configuration is called in a sentence. */
export function nameOfConfig(config: string): string {
  return config === "" ? "default" : config;
}

function configsOf({ tasks }: Capture): Set<string> {
  return new Set(tasks.map(({ tid }) => splitTid(tid).config));
}

function sorted(configs: ReadonlySet<string>): string[] {
  return [...configs].sort(byCodePoint);
}
