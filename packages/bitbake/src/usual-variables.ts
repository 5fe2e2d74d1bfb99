import type { Variable } from "@depid/task-graph";
import type { KnownEntries, KnownEntry } from "./known-entries.ts";
import type { KnownDeps, KnownValue } from "./known-variables.ts";
import { textOf } from "./plain-text.ts";

/** Which entries of the tables a file has. */
export interface EntriesOfFile {
  readonly deps: readonly KnownEntry<KnownDeps>[];
  readonly values: readonly KnownEntry<KnownValue>[];
  /** Which of the values is that of the task. */
  readonly own: number;
}

/** The variables of a signature file: kept as numbers, and made when they are asked for, as those of most tasks never are. */
export class UsualVariables {
  readonly #deps: KnownEntries<KnownDeps>;
  readonly #values: KnownEntries<KnownValue>;
  /** Those of `values`, then those of `deps`. */
  readonly #entries: Uint32Array;
  readonly #count: number;
  readonly #own: number;
  #all: readonly Variable[] | undefined;

  constructor(deps: KnownEntries<KnownDeps>, values: KnownEntries<KnownValue>, { own, ...of }: EntriesOfFile) {
    this.#deps = deps;
    this.#values = values;
    this.#count = of.values.length;
    this.#own = own;
    this.#entries = new Uint32Array(of.values.length + of.deps.length);
    let at = 0;
    for (const { index } of of.values) this.#entries[at++] = index;
    for (const { index } of of.deps) this.#entries[at++] = index;
  }

  /** By code point of the name; the task itself names those of which no other variable tells that it names them. */
  get all(): readonly Variable[] {
    this.#all ??= this.#make();
    return this.#all;
  }

  #make(): Variable[] {
    const deps = Array.from(this.#entries.subarray(this.#count), (it) => this.#deps.at(it));
    const values = Array.from(this.#entries.subarray(0, this.#count), (it) => this.#values.at(it));
    const names = values.map(({ value }) => value.name);
    const ofName = new Map(deps.map((it) => [textOf(it.view, it.from + 1, it.keyLength - 2), it.value.names]));
    const named = new Set<string>();
    for (const [variable, those] of ofName) for (const name of those) if (name !== variable) named.add(name);
    const own = names.filter((name, i) => i !== this.#own && !named.has(name));
    return values.map(({ value }, i) => value.variableOf((i === this.#own ? own : ofName.get(value.name)) ?? NO_NAMES));
  }
}

const NO_NAMES: readonly string[] = [];
