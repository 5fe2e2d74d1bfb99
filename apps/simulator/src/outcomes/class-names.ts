import type { ChangeClassName } from "@depid/compare";

/** What a class lets one guess: the outcome that it suggests, or nothing. The table with reasons is in docs/formats.md. */
export const GUESSES: Readonly<Record<ChangeClassName, "as suggested" | "nothing">> = {
  "comment or white space": "as suggested",
  "log messages": "as suggested",
  "reordered list": "as suggested",
  "function code": "as suggested",
  "package text": "as suggested",
  "patch refreshed": "nothing", // checksums do not tell a header from a hunk
  "checksum only": "as suggested",
  sources: "as suggested",
  "version upgrade": "as suggested",
  "dependency list": "as suggested",
  "compiler flags": "as suggested",
  configuration: "as suggested",
  "package list": "as suggested",
  taint: "as suggested",
  clock: "as suggested",
  "other metadata": "nothing",
  unknown: "nothing",
  "several kinds": "nothing", // its parts decide
};

/** Names of all classes of changes. */
export const CLASS_NAMES = Object.keys(GUESSES) as readonly ChangeClassName[];
