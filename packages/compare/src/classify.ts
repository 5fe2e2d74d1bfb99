import { isNostampTaint } from "@depid/hash";
import { differInTimes, isClockName } from "./clock.ts";
import { compareCode } from "./compare-code.ts";
import type { FileChange, OwnChange, VariableChange } from "./own-change.ts";

/** What kind of change it seems to be. */
export type ChangeClassName =
  | "comment or white space"
  | "log messages"
  | "reordered list"
  | "function code"
  | "package text"
  | "patch refreshed"
  | "checksum only"
  | "sources"
  | "version upgrade"
  | "dependency list"
  | "compiler flags"
  | "configuration"
  | "package list"
  | "taint"
  | "clock"
  | "other metadata"
  | "unknown"
  | "several kinds";

/** What a change may do to outputs (docs/vocabulary.md, outcome). */
export type SuggestedOutcome = "neutral" | "contained" | "propagating";

/** Evidence about a change from its texts alone; never a fact: what a task makes of its inputs is known when it ran. */
export interface ChangeClass {
  readonly name: ChangeClassName;
  readonly sure: "likely" | "unsure";
  /** The outcome it suggests; `undefined` if nothing does. */
  readonly suggests: SuggestedOutcome | undefined;
  /** What it is inferred from. */
  readonly reason: string;
}

/** A task of two states, as far as its recipe's version goes. */
export interface Versioned {
  readonly before: { readonly version: string };
  readonly after: { readonly version: string };
}

/** Variables that list names whose order says nothing. */
const UNORDERED = /^(?:DEPENDS|RDEPENDS|RRECOMMENDS|RSUGGESTS|RPROVIDES|RCONFLICTS|\w*_FEATURES|CVE_STATUS\w*)$/;

/** A function of BitBake's whose text, as far as hashes go, is the revisions that are fetched. */
const REVISIONS = "fetcher_hashes_dummyfunc";

/** Their texts may be dates, which are none of the build. */
const VERSION = /^(?:PV|PE|SRCREV\w*|SRCPV|BRANCH|fetcher_hashes_dummyfunc)$/;

/** Names of variables without their overrides and flags, in the order in which they are tried. */
const VARIABLE_CLASSES: readonly (readonly [RegExp, Omit<ChangeClass, "reason">])[] = [
  [VERSION, { name: "version upgrade", sure: "likely", suggests: "propagating" }],
  [
    /^(?:SUMMARY|DESCRIPTION|HOMEPAGE|BUGTRACKER|SECTION|MAINTAINER|AUTHOR|LICENSE|PRIORITY|LIC_FILES_CHKSUM)$/,
    { name: "package text", sure: "likely", suggests: "contained" },
  ],
  [
    /^(?:RDEPENDS|RRECOMMENDS|RSUGGESTS|RPROVIDES|RCONFLICTS|RREPLACES|PACKAGE_INSTALL\w*|IMAGE_INSTALL)$/,
    { name: "dependency list", sure: "likely", suggests: "contained" },
  ],
  [
    /^(?:DEPENDS|\w+_DEPENDS|PACKAGECONFIG|PACKAGECONFIG_CONFARGS|PACKAGE_WRITE_DEPS|INHERIT_DEPS)$/,
    { name: "dependency list", sure: "unsure", suggests: "propagating" },
  ],
  [
    /^(?:\w*(?:CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|_FLAGS|_OPTIMIZATION|CCARGS|OPTS)|EXTRA_\w+|CC|CXX|CPP|LD|AR|AS|FC|CARGO_\w*FLAGS)$/,
    { name: "compiler flags", sure: "likely", suggests: "propagating" },
  ],
  [
    /^(?:PACKAGES|FILES|CONFFILES|ALLOW_EMPTY|PACKAGES_DYNAMIC|ALTERNATIVE\w*|INSANE_SKIP)$/,
    { name: "package list", sure: "unsure", suggests: "contained" },
  ],
  [
    /^(?:MACHINE\w*|DISTRO\w*|TUNE\w*|TARGET_\w+|HOST_\w+|SDK_\w+|\w*_FEATURES\w*|IMAGE_\w+|BB_\w+|PREFERRED_\w+|SSTATE_\w+|\w+_DISTRO_\w+)$/,
    { name: "configuration", sure: "unsure", suggests: "propagating" },
  ],
];

/**
 * What kind of change it seems to be.
 *
 * @param tasks where it entered
 */
function classifyChange(change: OwnChange, tasks: readonly Versioned[]): ChangeClass {
  switch (change.kind) {
    case "variable":
      return classifyVariable(change, tasks);
    case "file":
      return classifyFile(change);
    case "taint":
      return {
        name: "taint",
        sure: "likely",
        suggests: "neutral",
        reason: isNostampTaint(change.after)
          ? "the task is nostamp: it is tainted anew in each build"
          : "a taint changes no input that is read",
      };
    case "dependency":
      return {
        name: "dependency list",
        sure: "unsure",
        suggests: "propagating",
        reason: `a hash dependency was ${change.change}`,
      };
    case "order":
      return { name: "dependency list", sure: "unsure", suggests: "neutral", reason: `only the order of ${change.of}` };
    case "metadata":
      return byVersion(tasks) ?? unknown("the variables are not recorded on both sides");
    case "unknown inputs":
      return unknown("a capture does not have the dependency");
    case "other depid":
      return unknown("the dependency's taskhash is the same; a server's answer, or the moment of a report, differs");
    case "unexplained":
      return unknown("all that is recorded is the same");
  }
}

/** What kind the same edit of several texts seems to be. */
export function classifyChanges(changes: readonly OwnChange[], tasks: readonly Versioned[]): ChangeClass {
  const [first = unknown("nothing is recorded"), ...rest] = changes.map((it) => classifyChange(it, tasks));
  const other = rest.find((it) => it.name !== first.name);
  if (other === undefined) return first;
  const reason = `${first.name} in one text, ${other.name} in another`;
  return { name: "several kinds", sure: "unsure", suggests: farthest([first, ...rest]), reason };
}

/** What kind the changes of one cause seem to be together. */
export function classifyCause(
  changes: readonly { readonly change: OwnChange; readonly class: ChangeClass }[],
  tasks: readonly Versioned[],
): ChangeClass {
  const named = changes.filter((it) => it.change.kind !== "metadata");
  const classes = (named.length > 0 ? named : changes).map((it) => it.class);
  const [first = unknown("nothing is recorded")] = classes;
  const upgrade = classes.find((it) => it.name === "version upgrade") ?? byVersion(tasks);
  if (upgrade !== undefined) return upgrade;
  if (classes.every((it) => it.name === first.name)) {
    const sure = named.length === changes.length ? together(classes) : "unsure";
    return { ...first, sure, suggests: farthest(classes) };
  }
  const names = [...new Set(classes.map((it) => it.name))];
  return { name: "several kinds", sure: "unsure", suggests: farthest(classes), reason: names.join(", ") };
}

function classifyVariable(change: VariableChange, tasks: readonly Versioned[]): ChangeClass {
  const { name, before, after } = change;
  const old = before?.value ?? null;
  const young = after?.value ?? null;
  if (change.change === "text" && old !== null && young !== null) {
    if (name !== REVISIONS && isFunctionText(change, old) && isFunctionText(change, young))
      return classifyFunction(name, old, young);
    if (words(old) === words(young)) {
      const reason = "the same words with other white space between them";
      return { name: "comment or white space", sure: "unsure", suggests: "neutral", reason };
    }
  }
  const [, base = name, flag] = /^([^:[]+)[^[]*(?:\[(.*)\])?$/.exec(name) ?? [];
  if (flag === undefined && UNORDERED.test(base) && old !== null && young !== null && sorted(old) === sorted(young)) {
    const reason = `${base} lists the same in another order, which says nothing`;
    return { name: "reordered list", sure: "likely", suggests: "neutral", reason };
  }
  const isTime = old !== null && young !== null && differInTimes(old, young) && !VERSION.test(base);
  if (flag === undefined && (isClockName(base) || (isTime && base !== "SRC_URI"))) {
    const reason = "the time of the build, which no two builds have in common: never reproducible";
    return { name: "clock", sure: isClockName(base) ? "likely" : "unsure", suggests: "propagating", reason };
  }
  if (base === "SRC_URI" && flag !== undefined) {
    return byVersion(tasks) ?? checksumOnly(`${name} names what is fetched by its checksum`);
  }
  if (base === "SRC_URI") {
    return (
      byVersion(tasks) ?? {
        name: "sources",
        sure: "likely",
        suggests: "propagating",
        reason: "SRC_URI lists other sources",
      }
    );
  }
  if (flag === undefined || base === "PACKAGECONFIG") {
    const found = VARIABLE_CLASSES.find(([pattern]) => pattern.test(base));
    if (found !== undefined) return { ...found[1], reason: `${base} is a variable of that kind` };
  }
  if (isFunctionText(change, old ?? young ?? "")) {
    const reason = change.change === "text" ? "a function became something else" : `the function was ${change.change}`;
    return { name: "function code", sure: "unsure", suggests: "propagating", reason };
  }
  return { name: "other metadata", sure: "unsure", suggests: undefined, reason: `nothing is known about ${base}` };
}

function classifyFunction(name: string, before: string, after: string): ChangeClass {
  const isPackaged = /^pkg_(?:pre|post)(?:inst|rm)/.test(name);
  switch (compareCode(before, after)) {
    case "comment":
      return {
        name: "comment or white space",
        sure: "likely",
        suggests: isPackaged ? "contained" : "neutral",
        reason: `the function has the same tokens but for comments and white space${isPackaged ? "; packages carry its text" : ""}`,
      };
    case "messages":
      return {
        name: "log messages",
        sure: "likely",
        suggests: isPackaged ? "contained" : "neutral",
        reason: `only texts that the function logs are others${isPackaged ? "; packages carry its text" : ""}`,
      };
    case "code":
      return {
        name: "function code",
        sure: "unsure",
        suggests: isPackaged ? "contained" : "propagating",
        reason: `the function has other tokens${isPackaged ? "; packages carry its text" : ""}`,
      };
    case "unsure":
      return {
        name: "function code",
        sure: "unsure",
        suggests: isPackaged ? "contained" : "propagating",
        reason: "whether more than comments changed cannot be told",
      };
  }
}

/** Captures mark functions where they were recorded with flags; else lower case and several lines tell them. */
function isFunctionText(change: VariableChange, text: string): boolean {
  return change.isFunction || (/^[a-z_]/.test(change.name) && !change.name.includes("[") && text.includes("\n"));
}

function classifyFile({ name, change }: FileChange): ChangeClass {
  const isPatch = /\.(?:patch|diff)$/.test(name);
  if (change !== "checksum") {
    const reason = `${name} was ${change}`;
    return { name: "sources", sure: "likely", suggests: "propagating", reason };
  }
  if (!isPatch) return checksumOnly(`${name} has the same name and another checksum`);
  const reason = `${name} is a patch with the same name and another checksum: refreshed, or another patch`;
  return { name: "patch refreshed", sure: "unsure", suggests: "neutral", reason };
}

function checksumOnly(reason: string): ChangeClass {
  return { name: "checksum only", sure: "unsure", suggests: "propagating", reason };
}

function unknown(reason: string): ChangeClass {
  return { name: "unknown", sure: "unsure", suggests: undefined, reason };
}

function byVersion(tasks: readonly Versioned[]): ChangeClass | undefined {
  const [first, ...rest] = tasks.map(({ before, after }) => `${before.version} to ${after.version}`);
  const changed = tasks.every(
    ({ before, after }) => before.version !== after.version && before.version + after.version !== "",
  );
  if (first === undefined || !changed || rest.some((it) => it !== first)) return undefined;
  return { name: "version upgrade", sure: "likely", suggests: "propagating", reason: `version ${first}` };
}

function words(text: string): string {
  return text
    .split(/\s+/)
    .filter((it) => it !== "")
    .join(" ");
}

function sorted(text: string): string {
  return words(text).split(" ").sort().join(" ");
}

function together(classes: readonly ChangeClass[]): ChangeClass["sure"] {
  return classes.every((it) => it.sure === "likely") ? "likely" : "unsure";
}

const FAR: readonly (SuggestedOutcome | undefined)[] = ["neutral", "contained", "propagating"];

/** The outcome that reaches farthest; `undefined` as soon as one change suggests nothing and none propagates. */
function farthest(classes: readonly ChangeClass[]): SuggestedOutcome | undefined {
  const outcomes = classes.map((it) => it.suggests);
  if (outcomes.includes("propagating")) return "propagating";
  if (outcomes.includes(undefined)) return undefined;
  return FAR[Math.max(...outcomes.map((it) => FAR.indexOf(it)))];
}
