import type { Task } from "@depid/task-graph";
import { type BuilderState, createBuilder, type StampFile, type StampSet, stampKeyOf } from "../builder.ts";
import type { BuildPlan } from "../plan.ts";
import { rowStampsOf } from "../row-stamps.ts";
import { familyKeyOf } from "../stamp-families.ts";

/** Numbers of the stamps of one plan's tasks, by place in the plan. */
export interface SheetNumbers {
  readonly real: Int32Array;
  readonly setscene: Int32Array;
  readonly manifest: Int32Array;
  /** Number of the stamp base without extra info. */
  readonly base: Int32Array;
  /** 1 if another task of the plan has the same stamp base. */
  readonly sharesBase: Uint8Array;
  readonly isAnyBaseShared: boolean;
}

/** The same of one task. */
interface RowNumbers {
  readonly real: number;
  readonly setscene: number;
  readonly manifest: number;
  readonly base: number;
}

/** Numbers for stamps and manifests, whatever the plan: they last through all steps of a history, and all build directories share them. */
export class StampNumbering {
  readonly files: StampFile[] = [];
  readonly manifestKeys: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #manifests = new Map<string, number>();
  readonly #families = new Map<string, number[]>();
  /** By number of the stamp. */
  readonly #familyOf: (readonly number[])[] = [];
  readonly #ofRow = new WeakMap<Task, RowNumbers>();
  readonly #ofPlan = new WeakMap<BuildPlan["dependencies"], SheetNumbers>();

  /** Of the tasks of a plan whose multiconfigs have directories of their own. Is made once for each shape; each row is looked at once. */
  of({ size, tasks, dependencies }: BuildPlan): SheetNumbers {
    const known = this.#ofPlan.get(dependencies);
    if (known !== undefined) return known;
    const rows = tasks.map((task) => this.#numbersOf(task));
    const base = Int32Array.from(rows, (row) => row.base);
    const uses = new Uint8Array(this.files.length);
    for (const number of base) uses[number] = Math.min(2, (uses[number] as number) + 1);
    const sharesBase = new Uint8Array(size);
    for (let task = 0; task < size; task++) sharesBase[task] = uses[base[task] as number] === 2 ? 1 : 0;
    const found = {
      real: Int32Array.from(rows, (row) => row.real),
      setscene: Int32Array.from(rows, (row) => row.setscene),
      manifest: Int32Array.from(rows, (row) => row.manifest),
      base,
      sharesBase,
      isAnyBaseShared: sharesBase.includes(1),
    };
    this.#ofPlan.set(dependencies, found);
    return found;
  }

  /** The number of a stamp. */
  number(file: StampFile): number {
    return this.#add(stampKeyOf(file), file);
  }

  /** The number of a manifest, by its key in `BuilderState`. */
  manifest(key: string): number {
    const known = this.#manifests.get(key);
    if (known !== undefined) return known;
    this.#manifests.set(key, this.manifestKeys.length);
    return this.manifestKeys.push(key) - 1;
  }

  /** All stamps of the recipe's task that this is one of, whatever the version. */
  familyOf(number: number): readonly number[] {
    return this.#familyOf[number] as readonly number[];
  }

  #numbersOf(task: Task): RowNumbers {
    const known = this.#ofRow.get(task);
    if (known !== undefined) return known;
    const { real, setscene, baseKey, manifestKey } = rowStampsOf(task);
    const numbers = {
      real: this.#add(real.key, real.file),
      setscene: this.#add(setscene.key, setscene.file),
      manifest: this.manifest(manifestKey),
      base: this.#add(baseKey, { ...real.file, extra: "" }),
    };
    this.#ofRow.set(task, numbers);
    return numbers;
  }

  #add(key: string, file: StampFile): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.files.push(file) - 1;
    this.#numbers.set(key, number);
    const familyKey = familyKeyOf(file);
    const family = this.#families.get(familyKey) ?? [];
    this.#families.set(familyKey, family);
    family.push(number);
    this.#familyOf[number] = family;
    return number;
  }
}

/** A build directory as a direct pass keeps it, and changes it: what `BuilderState` says, by number. */
export class StampSheet {
  readonly numbering: StampNumbering;
  /** The hash that each stamp is named by; `undefined`: there is none. */
  readonly hash: (string | undefined)[];
  /** When it was made: whole seconds of virtual time. */
  readonly seconds: number[];
  /** 1 where there is a manifest. */
  readonly manifest: (0 | 1)[];
  /** When the next build begins, in milliseconds of virtual time. */
  clock: number;
  readonly #base: Pick<BuilderState, "taints" | "depids">;

  private constructor(
    numbering: StampNumbering,
    builder: BuilderState,
    { hash, seconds, manifest }: Pick<StampSheet, "hash" | "seconds" | "manifest"> = {
      hash: [],
      seconds: [],
      manifest: [],
    },
  ) {
    this.numbering = numbering;
    this.hash = hash;
    this.seconds = seconds;
    this.manifest = manifest;
    this.clock = builder.clock;
    this.#base = { taints: builder.taints, depids: builder.depids };
  }

  /** An empty build directory. */
  static create(numbering: StampNumbering): StampSheet {
    return new StampSheet(numbering, createBuilder());
  }

  /** @returns `undefined` where a task has several stamps of one variant, which no build leaves */
  static of(builder: BuilderState, numbering: StampNumbering): StampSheet | undefined {
    const sheet = new StampSheet(numbering, builder);
    for (const { made, ...file } of builder.stamps.values()) {
      const [stamp, ...others] = made;
      if (others.length > 0) return undefined;
      if (stamp !== undefined) sheet.put(numbering.number(file), stamp.hash, stamp.seconds);
    }
    for (const key of builder.manifests) sheet.putManifest(numbering.manifest(key), 1);
    return sheet;
  }

  copy(): StampSheet {
    const copied = { hash: this.hash.slice(), seconds: this.seconds.slice(), manifest: this.manifest.slice() };
    return new StampSheet(this.numbering, { ...createBuilder(), ...this.#base, clock: this.clock }, copied);
  }

  put(number: number, hash: string | undefined, seconds: number): void {
    while (this.hash.length <= number) {
      this.hash.push(undefined);
      this.seconds.push(0);
    }
    this.hash[number] = hash;
    this.seconds[number] = seconds;
  }

  putManifest(number: number, there: 0 | 1): void {
    while (this.manifest.length <= number) this.manifest.push(0);
    this.manifest[number] = there;
  }

  /** The same for a simulation to go on from. */
  toBuilder(): BuilderState {
    const { files, manifestKeys } = this.numbering;
    const stamps = new Map<string, StampSet>();
    for (const [number, hash] of this.hash.entries()) {
      if (hash === undefined) continue;
      const file = files[number] as StampFile;
      stamps.set(stampKeyOf(file), { ...file, made: [{ hash, seconds: this.seconds[number] as number }] });
    }
    const manifests = new Set(manifestKeys.filter((_, number) => this.manifest[number] === 1));
    return { ...this.#base, clock: this.clock, stamps, manifests };
  }
}
