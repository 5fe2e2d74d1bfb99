import { evaluatePython } from "./python.ts";
import type { ConfOperator } from "./statement.ts";

/** A setting, and how it came about. */
export interface ConfSetting {
  /** `undefined` if it cannot be worked out from these files; "" if it is not set. */
  readonly value: string | undefined;
  /** File and line; `default` if no file sets it. */
  readonly from: string;
  /** Questions that the value depends on and that the files leave open: sentences, each once. */
  readonly doubts: readonly string[];
  /** Lines that were written for another release, and have no effect in this one: sentences. */
  readonly withoutEffect: readonly string[];
}

/** How overrides and operations are written: `A:append:x` today, `A_append_x` before 3.4 (honister), where both may be read. */
export type OverrideSyntax = "colon" | "underscore" | "unknown";

interface Text {
  readonly text: string;
  readonly from: string;
}
interface Operation extends Text {
  /** Overrides it is for; "" for all. */
  readonly overrides: string;
}
interface Variable {
  value?: Text;
  weak?: Text;
  readonly append: Operation[];
  readonly prepend: Operation[];
  readonly remove: Operation[];
}

type Otherwise = (reference: string, isUnset: boolean) => string | undefined;

interface Found {
  readonly value: string | undefined;
  readonly from: string;
  readonly doubts: readonly string[];
}
interface Raw {
  readonly text: string | undefined;
  readonly from: string | undefined;
  readonly removes: readonly Operation[];
  readonly doubts: readonly string[];
}
/** A text after references in it were followed; `value` is `undefined` if some could not be. */
interface Followed {
  readonly value: string | undefined;
  /** Sentences about other variables. */
  readonly doubts: readonly string[];
  /** Why references of this text could not be followed. */
  readonly missing: readonly string[];
}

const REFERENCE = /\$\{[a-zA-Z0-9\-_+./~:]+\}/g;
const PYTHON = /\$\{@(?:\{.*?\}|.)+?\}/g;
/** Rounds of following references, at most. */
const MAX_ROUNDS = 20;
const MAX_DEPTH = 40;
/** Overrides of recipes and tasks: a setting of the whole build never has them. */
const OF_RECIPES = /^(?:pn-|layer-|task-|class-(?!target$)|virtclass-)/;

/** Variables as BitBake's datastore keeps them while configuration files are read (docs/spec/signatures.md section 8). */
export class ConfData {
  syntax: OverrideSyntax = "colon";
  /** Whether all files were read, so that what is not set is not set. */
  isComplete = false;
  readonly #variables = new Map<string, Variable>();
  /** By the name without overrides: full names. */
  readonly #overridden = new Map<string, Map<string, string>>();
  /** Names of before 3.4 that may be operations, while nothing names the release. */
  readonly #oldNames: (Text & { readonly key: string })[] = [];
  readonly #known: ReadonlyMap<string, string>;

  /** @param known values that no file changes, such as TOPDIR and what somebody knows better */
  constructor(known: ReadonlyMap<string, string>) {
    this.#known = known;
  }

  /** Takes an assignment. */
  assign(written: string, operator: ConfOperator, value: string, from: string): void {
    const key = this.syntax === "underscore" ? written.replaceAll(":", "_") : written;
    if (this.syntax !== "underscore" && /_(?:append|prepend|remove)(?:_|$)|_[a-z0-9-]+$/.test(key)) {
      this.#oldNames.push({ key, text: value, from });
    }
    const before = this.#variables.get(key)?.value?.text;
    if (operator === "??=") {
      this.#variable(key).weak = { text: value, from };
      this.#noteOverrides(key);
    } else if (operator !== "?=" || before === undefined) {
      this.#set(key, operator === ":=" ? this.expandAtOnce(value) : combine(before ?? "", operator, value), from);
    }
  }

  /** Forgets a variable. */
  unset(key: string): void {
    this.#variables.delete(key);
    this.#overridden.delete(key);
  }

  /** The text of `:=`: references are followed now, those that cannot be stay. */
  expandAtOnce(text: string): string {
    return this.#follow(text, [], (reference) => reference).value ?? text;
  }

  /** The text with all references followed; `undefined` if some cannot be. What nothing sets stays, once all files were read. */
  expand(text: string): string | undefined {
    return this.#follow(text, [], this.#keepUnset()).value;
  }

  /** The value of a variable with the references followed that can be, as the others stay in it; `undefined` if nothing sets it. */
  getPartly(name: string): string | undefined {
    const { text, removes } = this.#raw(name, []);
    if (text === undefined) return undefined;
    return removes.map((it) => this.expandAtOnce(it.text)).reduce(withoutWords, this.expandAtOnce(text));
  }

  /** The value of a variable, and what it depends on. */
  get(name: string): ConfSetting {
    const known = this.#known.get(name);
    if (known !== undefined) return { value: known, from: "--set", doubts: [], withoutEffect: [] };
    const old = this.#oldNames.filter(({ key }) => isOldNameOf(key, name));
    const isUnknown = this.syntax === "unknown";
    const found = this.#find(name, []);
    const doubts = isUnknown
      ? old.map(
          ({ key, from }) =>
            `${from}: ${key} is an override of ${name} in releases before 3.4 (honister) alone, and no release is named here`,
        )
      : [];
    const withoutEffect = isUnknown
      ? []
      : old
          .filter(({ key }) => OPERATIONS.some((operation) => key.startsWith(`${name}_${operation}`)))
          .map(({ key, from }) => `${from}: ${key} has no effect on ${name} since 3.4 (honister)`);
    return {
      value: found === undefined ? "" : found.value,
      from: found?.from ?? "default",
      doubts: [...new Set([...doubts, ...(found?.doubts ?? [])])],
      withoutEffect,
    };
  }

  #set(written: string, text: string, from: string): void {
    const match = (this.syntax === "underscore" ? OLD_OPERATION : OPERATION).exec(written);
    if (match !== null) {
      const [, base = "", operation = "", overrides = ""] = match;
      this.#variable(base)[operation as "append" | "prepend" | "remove"].push({ text, from, overrides });
      this.#noteOverrides(base);
      return;
    }
    this.#variable(written).value = { text, from };
    this.#noteOverrides(written);
  }

  #variable(key: string): Variable {
    let variable = this.#variables.get(key);
    if (variable === undefined) {
      variable = { append: [], prepend: [], remove: [] };
      this.#variables.set(key, variable);
    }
    return variable;
  }

  get #separator(): ":" | "_" {
    return this.syntax === "underscore" ? "_" : ":";
  }

  /** `A:b:c` is `A:b` with override c, and `A` with overrides b and c. */
  #noteOverrides(key: string): void {
    const separator = this.#separator;
    let at = key.lastIndexOf(separator);
    while (at > 0) {
      const overrides = key.slice(at + 1);
      if (!/^[a-z0-9]/.test(overrides)) return;
      const base = key.slice(0, at);
      const names = this.#overridden.get(base) ?? new Map<string, string>();
      this.#overridden.set(base, names.set(overrides, key));
      at = base.lastIndexOf(separator);
    }
  }

  /** A variable with all references followed; `undefined` if nothing sets it. */
  #find(name: string, way: readonly string[]): Found | undefined {
    const raw = this.#raw(name, way);
    const { text, from } = raw;
    if (text === undefined || from === undefined) {
      return raw.doubts.length === 0 ? undefined : { value: undefined, from: "default", doubts: raw.doubts };
    }
    const deeper = [...way, name];
    const about = (cause: string, words: string, where: string) =>
      `${name} = "${words}" (${where}): ${cause}; see bitbake-getvar --value ${name}`;
    const expanded = this.#follow(text, deeper);
    const doubts = [...raw.doubts, ...expanded.doubts, ...expanded.missing.map((cause) => about(cause, text, from))];
    let { value } = expanded;
    for (const removal of raw.removes) {
      const gone = this.#follow(removal.text, deeper);
      doubts.push(...gone.doubts, ...gone.missing.map((cause) => about(cause, removal.text, removal.from)));
      value = value === undefined || gone.value === undefined ? undefined : withoutWords(value, gone.value);
    }
    return { value, from: raw.removes.at(-1)?.from ?? from, doubts };
  }

  /** A variable with overrides and operations, as the text that references are followed in. */
  #raw(name: string, way: readonly string[]): Raw {
    const doubts: string[] = [];
    const match = this.#match(name, way, doubts);
    const overriding = match === undefined || match === name ? undefined : this.#raw(match, [...way, match]);
    const { value, weak, append = [], prepend = [], remove = [] } = this.#variables.get(name) ?? {};
    const base = value ?? weak;
    let text = overriding?.text ?? base?.text;
    let from = overriding?.text === undefined ? base?.from : overriding.from;
    const isOn = (operation: string) => (one: Operation) => this.#applies(name, operation, one, way, doubts);
    for (const operation of append.filter(isOn("append"))) {
      text = (text ?? "") + operation.text;
      from = operation.from;
    }
    for (const operation of prepend.filter(isOn("prepend"))) {
      text = operation.text + (text ?? "");
      from = operation.from;
    }
    return {
      text,
      from,
      removes: [...this.#carried(overriding, way), ...remove.filter(isOn("remove"))],
      doubts: [...doubts, ...(overriding?.doubts ?? [])],
    };
  }

  /** Removals of the overriding variable hold for what is appended to it, too, if they took something from it. */
  #carried(overriding: Raw | undefined, way: readonly string[]): readonly Operation[] {
    if (overriding?.text === undefined) return [];
    const { value } = this.#follow(overriding.text, way);
    return overriding.removes.filter(({ text }) => {
      const gone = this.#follow(text, way).value;
      return value === undefined || gone === undefined || withoutWords(value, gone) !== value;
    });
  }

  /** The name with the overrides that count, if there is one. */
  #match(name: string, way: readonly string[], doubts: string[]): string | undefined {
    const names = this.#overridden.get(name);
    if (names === undefined || name === "OVERRIDES") return undefined;
    const { active, open } = this.#overrides(way);
    const separator = this.#separator;
    let left = new Map<string, string>();
    for (const [overrides, key] of names) {
      const { value, weak } = this.#variables.get(key) ?? {};
      const state = stateOf(overrides, separator, active, open);
      if (state === "on") left.set(overrides, key);
      else if (state === "open" && (value ?? weak) !== undefined) {
        doubts.push(
          `${(value ?? weak)?.from}: ${key} counts if ${overrides} is among OVERRIDES, and ${open} is not known`,
        );
      }
    }
    let match: string | undefined;
    for (let changed = true; changed; ) {
      changed = false;
      for (const override of active) {
        for (const [overrides, key] of [...left]) {
          if (overrides.endsWith(separator + override)) {
            left.delete(overrides);
            left.set(overrides.slice(0, -override.length - 1), key);
            changed = true;
          } else if (overrides === override) {
            match = key;
            left = new Map([...left].filter(([other]) => other !== overrides));
          }
        }
      }
    }
    return match;
  }

  #applies(
    name: string,
    operation: string,
    { overrides, from }: Operation,
    way: readonly string[],
    doubts: string[],
  ): boolean {
    if (overrides === "") return true;
    const { active, open } = this.#overrides(way);
    const state = stateOf(overrides, this.#separator, active, open);
    if (state === "open") {
      doubts.push(
        `${from}: ${operation} to ${name} counts if ${overrides} is among OVERRIDES, and ${open} is not known`,
      );
    }
    return state === "on";
  }

  /** OVERRIDES, the weakest first; `open` is what of it could not be worked out. */
  #overrides(way: readonly string[]): { readonly active: readonly string[]; readonly open: string | undefined } {
    if (way.includes("OVERRIDES") || way.length > MAX_DEPTH) return { active: [], open: undefined };
    const text = this.#known.get("OVERRIDES") ?? this.#raw("OVERRIDES", [...way, "OVERRIDES"]).text ?? "";
    const active: string[] = [];
    let open: string | undefined;
    for (const part of text.match(/(?:\$\{[^}]*\}|[^:$]|\$)+/g) ?? []) {
      const { value } = this.#follow(part, [...way, "OVERRIDES"], this.#keepUnset());
      if (value !== undefined) active.push(...value.split(":").filter((override) => override !== ""));
      else if (!OF_RECIPES.test(part)) open ??= part;
    }
    return { active, open: this.isComplete ? open : (open ?? "what the machine and the distribution add") };
  }

  /** @param otherwise what stands for a reference that cannot be followed, or that nothing sets, if anything may */
  #follow(text: string, way: readonly string[], otherwise?: Otherwise): Followed {
    const [doubts, missing] = [[] as string[], [] as string[]];
    let isKnown = true;
    let now = text;
    const give = (reference: string, cause?: string, isUnset = false): string => {
      const other = otherwise?.(reference, isUnset);
      if (other !== undefined) return other;
      isKnown = false;
      if (cause !== undefined) missing.push(cause);
      return "";
    };
    for (let round = 0; now.includes("${") && round < MAX_ROUNDS; round += 1) {
      const before = now;
      now = now.replace(REFERENCE, (reference) => {
        const name = reference.slice(2, -1);
        if (way.includes(name) || way.length > MAX_DEPTH) return give(reference, `${reference} refers to itself`);
        const known = this.#known.get(name);
        if (known !== undefined) return known;
        const found = this.#find(name, way);
        if (found === undefined) return give(reference, `${reference} is not set in the files that were read`, true);
        doubts.push(...found.doubts);
        return found.value ?? give(reference);
      });
      now = now.replace(PYTHON, (expression) => {
        const asked: string[] = [];
        const getVar = (name: string) => this.#ask(name, way, asked);
        const value = evaluatePython(expression.slice(3, -1), { getVar });
        doubts.push(...asked);
        return value ?? give(expression, `${expression} was not evaluated`);
      });
      if (now === before) break;
    }
    return { value: isKnown ? now : undefined, doubts: [...new Set(doubts)], missing: [...new Set(missing)] };
  }

  #keepUnset(): Otherwise | undefined {
    return this.isComplete ? (reference, isUnset) => (isUnset ? reference : undefined) : undefined;
  }

  #ask(name: string, way: readonly string[], doubts: string[]): string | null | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (way.includes(name) || way.length > MAX_DEPTH) return undefined;
    const found = this.#find(name, way);
    if (found === undefined) return this.isComplete ? null : undefined;
    doubts.push(...found.doubts);
    return found.value;
  }
}

const OPERATIONS = ["append", "prepend", "remove"] as const;
const OPERATION = /^(.*?):(append|prepend|remove)(?::([^A-Z]*))?$/;
const OLD_OPERATION = /^(.*?)_(append|prepend|remove)(?:_([^A-Z]*))?$/;

/** Whether a name of before 3.4 is this variable with overrides or operations. */
function isOldNameOf(key: string, name: string): boolean {
  return key.startsWith(`${name}_`) && /^[a-z0-9-]+(?:_[a-z0-9-]+)*$/.test(key.slice(name.length + 1));
}

function combine(before: string, operator: ConfOperator, value: string): string {
  switch (operator) {
    case "+=":
      return `${before} ${value}`;
    case "=+":
      return `${value} ${before}`;
    case ".=":
      return before + value;
    case "=.":
      return value + before;
    default:
      return value;
  }
}

/** Words of one text that are not in the other; the blanks between stay. */
function withoutWords(text: string, words: string): string {
  const gone = new Set(words.split(/\s+/).filter((word) => word !== ""));
  return text
    .split(/(\s)/)
    .filter((word) => !gone.has(word))
    .join("");
}

function stateOf(
  overrides: string,
  separator: string,
  active: readonly string[],
  open: string | undefined,
): "on" | "off" | "open" {
  if (active.includes(overrides)) return "on";
  const missing = overrides.split(separator).filter((override) => !active.includes(override));
  if (missing.length === 0) return "on";
  return open === undefined || missing.some((override) => OF_RECIPES.test(override)) ? "off" : "open";
}
