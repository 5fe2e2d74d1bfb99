import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** A word of a value, and where its statement begins. */
export interface LockWord {
  readonly text: string;
  readonly line: number;
}

/** Values of one variable, by override: "" is the variable itself. */
export type LockValues = ReadonlyMap<string, readonly LockWord[]>;

/** What a file says of locks, once all of its operators are followed; nothing is expanded. */
export interface LockVariables {
  /** SIGGEN_LOCKEDSIGS_<group>, by group. */
  readonly groups: ReadonlyMap<string, LockValues>;
  readonly types: LockValues;
  readonly unihashmap: LockValues;
  readonly unlocked: LockValues;
  /** Files that it includes, which may have locks too, and statements about anything else: what was not followed. */
  readonly includes: readonly string[];
  readonly others: number;
}

const ASSIGNMENT =
  /^(?:export\s+)?SIGGEN_(LOCKEDSIGS_[\w.+-]+|UNIHASHMAP|UNLOCKED_RECIPES)((?::[\w.+-]+)*)\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(["'])(.*)\4\s*$/s;
/** What is done about locks that do not fit: of no matter here. */
const CHECKS = /^LOCKEDSIGS_(?:TASKSIG_CHECK|SSTATE_EXISTS_CHECK|TASKSIG_EXISTS_CHECK)$/;
/** Before BitBake 1.52 overrides were set off by "_": only TYPES and these have any. */
const OLD_STYLE = /^(LOCKEDSIGS_TYPES|LOCKEDSIGS_t-[\w.+-]+?|UNIHASHMAP)_((?:append|prepend|remove)(?:_.+)?)$/;
const OLD_TYPES = /^(LOCKEDSIGS_TYPES)_(.+)$/;
const INCLUDE = /^(?:require|include|include_all)\s+(\S.*)$/;
const UNSET = /^unset\s+SIGGEN_(LOCKEDSIGS_[\w.+-]+|UNIHASHMAP|UNLOCKED_RECIPES)$/;
/** Of locks, though not as they are written: a mistake, which BitBake refuses too. */
const OF_LOCKS = /^(?:export\s+)?SIGGEN_(?:LOCKEDSIGS_|UNIHASHMAP|UNLOCKED_RECIPES)[^[]*=/;
/** What else a configuration may have: assignments of variables and flags, with either quote, and its other words. */
const OTHER = [
  /^(?:export\s+)?[\w.${}/@:~+-]+(?:\[[\w@.+-]+\])?\s*(?:\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*(["']).*\1$/s,
  /^export\s+[\w.+/-]+$/,
  /^unset\s+[\w.+/-]+(?:\[[\w@.+-]+\])?$/,
  /^(?:inherit|inherit_defer|addpylib|addfragments)\s+\S/,
];
const EDITS = new Set(["append", "prepend", "remove"]);

/**
 * Follows the assignments of a file such as `locked-sigs.inc`, as BitBake does (`=`, `?=`, `+=`, `:append` …). Comments are passed over;
 * statements about anything else are counted, as locks often stand in a configuration with other settings. Files that it includes are named: they
 * are not followed here.
 *
 * @throws {BitbakeFileError} naming source and line: of what is no statement of a configuration
 */
export function parseLockStatements(lines: Iterable<string>, source: string): LockVariables {
  const drafts = new Map<string, Draft>();
  const includes: string[] = [];
  let others = 0;
  for (const { line, text } of statementsOf(lines, source)) {
    const [, name = "", suffix = "", operator = "=", , value = ""] = ASSIGNMENT.exec(text) ?? [];
    if (name === "") {
      const included = INCLUDE.exec(text)?.[1];
      const unset = UNSET.exec(text)?.[1];
      const isOther = !OF_LOCKS.test(text) && OTHER.some((it) => it.test(text));
      if (included !== undefined) includes.push(included);
      else if (unset !== undefined) drafts.delete(unset);
      else if (isOther) others += 1;
      if (included !== undefined || unset !== undefined || isOther) continue;
      throw new BitbakeFileError(
        source,
        line,
        `expected SIGGEN_LOCKEDSIGS_t-…, SIGGEN_LOCKEDSIGS_TYPES, SIGGEN_UNIHASHMAP or SIGGEN_UNLOCKED_RECIPES = "…", or another statement of a configuration, found ${excerptOf(text)}`,
      );
    }
    if (CHECKS.test(name)) continue;
    const [variable, ...overrides] = takeApart(name, suffix);
    const draft = drafts.get(variable) ?? new Draft();
    drafts.set(variable, draft);
    const words = value.split(/\s+/).flatMap((word) => (word === "" ? [] : [{ text: word, line }]));
    draft.take(overrides, operator, words);
  }
  const valuesOf = (name: string): LockValues => drafts.get(name)?.values() ?? new Map();
  const groups = [...drafts.keys()].filter((it) => it.startsWith("LOCKEDSIGS_") && it !== "LOCKEDSIGS_TYPES");
  return {
    groups: new Map(groups.map((it) => [it.slice("LOCKEDSIGS_".length), valuesOf(it)])),
    types: valuesOf("LOCKEDSIGS_TYPES"),
    unihashmap: valuesOf("UNIHASHMAP"),
    unlocked: valuesOf("UNLOCKED_RECIPES"),
    includes,
    others,
  };
}

/** Name, and overrides. */
function takeApart(name: string, suffix: string): [string, ...string[]] {
  const overrides = suffix.split(":").filter((it) => it !== "");
  const [, base, old] = OLD_STYLE.exec(name) ?? OLD_TYPES.exec(name) ?? [];
  if (base === undefined || old === undefined) return [name, ...overrides];
  const [, edit, of] = /^(append|prepend|remove)(?:_(.+))?$/.exec(old) ?? [];
  return edit === undefined ? [base, old, ...overrides] : [base, edit, ...(of === undefined ? [] : [of]), ...overrides];
}

interface OverrideDraft {
  words: readonly LockWord[] | undefined;
  weak: readonly LockWord[] | undefined;
  append: LockWord[];
  prepend: LockWord[];
  remove: Set<string>;
}

/** A variable while its file is read. */
class Draft {
  readonly #byOverride = new Map<string, OverrideDraft>();

  take(overrides: readonly string[], operator: string, words: readonly LockWord[]): void {
    const at = overrides.findIndex((it) => EDITS.has(it));
    const edit = at < 0 ? undefined : overrides[at];
    const key = overrides.filter((_, i) => i !== at).join(":");
    const draft = this.#byOverride.get(key) ?? {
      words: undefined,
      weak: undefined,
      append: [],
      prepend: [],
      remove: new Set(),
    };
    this.#byOverride.set(key, draft);
    if (edit === "append") draft.append.push(...words);
    else if (edit === "prepend") draft.prepend.unshift(...words);
    else if (edit === "remove") for (const { text } of words) draft.remove.add(text);
    else if (operator === "??=") draft.weak = words;
    else if (operator === "?=") draft.words ??= words;
    else if (operator === "+=" || operator === ".=") draft.words = [...(draft.words ?? []), ...words];
    else if (operator === "=+" || operator === "=.") draft.words = [...words, ...(draft.words ?? [])];
    else draft.words = words;
  }

  values(): LockValues {
    const plain = this.#byOverride.get("");
    return new Map(
      [...this.#byOverride].map(([key, { words, weak, append, prepend, remove }]) => {
        const isEditOnly = words === undefined && weak === undefined;
        const base = isEditOnly && key !== "" ? (plain?.words ?? plain?.weak ?? []) : (words ?? weak ?? []);
        return [key, [...prepend, ...base, ...append].filter(({ text }) => !remove.has(text))];
      }),
    );
  }
}

/** Statements, with the number of their first line: a backslash at the end of a line goes on with the next. */
function* statementsOf(lines: Iterable<string>, source: string): Generator<{ line: number; text: string }> {
  let parts: string[] = [];
  let begin = 0;
  let line = 0;
  for (const raw of lines) {
    line += 1;
    const content = raw.trimEnd();
    if (parts.length === 0) {
      if (content === "" || content.startsWith("#")) continue;
      begin = line;
    }
    const goesOn = content.endsWith("\\");
    parts.push(goesOn ? content.slice(0, -1) : content);
    if (goesOn) continue;
    yield { line: begin, text: parts.join("") };
    parts = [];
  }
  if (parts.length > 0)
    throw new BitbakeFileError(source, line, "the last line goes on, and there is none (truncated?)");
}
