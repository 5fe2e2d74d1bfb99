import type { Sighting } from "./finding.ts";

/** What an sstate directory and a server show when they are held together. `undefined`: it could not be asked. */
export interface Join {
  /** Objects and siginfo by name. */
  readonly objectsWithoutSiginfo: Sighting;
  /** Of tasks that have objects elsewhere in the directory. */
  readonly siginfosWithoutObject: Sighting;
  /** Objects whose depid the server maps nothing to. */
  readonly unmapped?: Sighting;
  /** Those of them whose siginfo has another taskhash: nothing leads to them. */
  readonly unreachable?: Sighting;
  /** Objects whose taskhash the server maps to another depid. */
  readonly mappedElsewhere?: Sighting;
  /** Depids of the server without an object; `count` is of depids. */
  readonly withoutObject?: Sighting;
  /** Depids that stand for several tasks. */
  readonly twins: Sighting;
}

/** What the tables of a server show. */
export interface Tables {
  readonly equivalences: number;
  readonly outhashes: number;
  readonly depids: number;
  /** Methods of the equivalences, with how many each has. */
  readonly methods: ReadonlyMap<string, number>;
  /** Taskhashes with several outhashes. `count` is of taskhashes, an example is of a depid. */
  readonly notReproducible: Sighting;
  /** Depids of several taskhashes and several outhashes. */
  readonly mixed: Sighting;
  /** Depids without any outhash. */
  readonly unreported: Sighting;
  /** Old outhashes whose taskhash has no depid. */
  readonly unused: Sighting;
  readonly invalidDepids: Sighting;
  /** Values of HASHEQUIV_HASH_VERSION in texts of outhashes, with how many each has. */
  readonly hashVersions: ReadonlyMap<string, number>;
}

/** Garbage collection that was begun and not ended: how many equivalences have its mark, and how many have not. */
export interface Collection {
  readonly mark: string;
  readonly keep: number;
  readonly remove: number;
}
