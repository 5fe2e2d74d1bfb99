import type { ConfigMatch } from "@depid/compare";
import { InvalidArgumentError } from "commander";
import type { CommitRange } from "./import/git/states.ts";

/** The multiconfig that a user names: `default` is the one without a name. */
export function configName(text: string): string {
  return text === "default" ? "" : text;
}

/** Reads `A=B`: a multiconfig of one build and that of the other. */
export function configPair(text: string): ConfigMatch {
  const [, before, after] = /^([\w.-]+)=([\w.-]+)$/.exec(text) ?? [];
  if (before === undefined || after === undefined) {
    throw new InvalidArgumentError("expected two multiconfigs as A=B; default is the one without a name");
  }
  return { before: configName(before), after: configName(after) };
}

/** Reads `A..B`, or `A..` up to HEAD: commits of git. */
export function commitRange(text: string): CommitRange {
  const [from = "", to, ...more] = text.split("..");
  if (from === "" || to === undefined || to.startsWith(".") || more.length > 0) {
    throw new InvalidArgumentError("expected A..B");
  }
  return { from, to };
}
