import { outHashBasic } from "@depid/sstate";
import { counted, type Example, type Rule, ruleAbout } from "../finding.ts";
import type { Collection, Tables } from "../join.ts";

/** The tables of a server, and the method that the builds use, if that is known. */
export interface TablesSeen extends Tables {
  readonly method: string | undefined;
  /** Age in days from which an outhash without a depid is told of. */
  readonly unusedDays: number;
}

/** What the tables of a server show by themselves. */
export const tableRules: readonly Rule<TablesSeen>[] = [
  ruleAbout(
    (tables) => tables.invalidDepids,
    ({ count }) => ({
      id: "invalid-depid",
      severity: "error",
      seen: `${counted(count, "equivalence")} whose depid is none (64 digits from 0-9a-f)`,
      why: "BitBake refuses the answer, and the build ends with an error.",
      wayOut: ["depid-hashclient remove -w taskhash TASKHASH"],
    }),
  ),
  ruleAbout(
    (tables) => tables.notReproducible,
    ({ count, examples }) => ({
      id: "not-reproducible",
      severity: "warning",
      seen: `${counted(count, "taskhash", "taskhashes")} with several outhashes`,
      why:
        "One task, built twice, gave different outputs: it is not reproducible, or its inputs do not all enter its taskhash, or " +
        "HASHEQUIV_HASH_VERSION was raised in between. Tasks that later give any of these outputs join the depid, and what depends on them is not rebuilt.",
      wayOut: [
        ...(examples.every((it) => "differs" in it)
          ? ["see why the files differ that are named above: depid outhash FOLDER --against FOLDER"]
          : [
              'find out what differs: SSTATE_HASHEQUIV_REPORT_TASKDATA = "1" keeps the text of each outhash (temp/depsig.do_<task>); compare two with depid outhash',
            ]),
        "make the task reproducible (SOURCE_DATE_EPOCH, sorted lists, no paths, no random numbers), or hide what does not matter in SSTATE_HASHEQUIV_FILEMAP",
        "then forget what was merged: depid-hashclient remove -w taskhash TASKHASH",
      ],
    }),
  ),
  ruleAbout(
    (tables) => tables.mixed,
    ({ count }) => ({
      id: "mixed-class",
      severity: "warning",
      seen: `${counted(count, "depid")} that several taskhashes with different outputs share`,
      why: "Tasks are taken for equal whose outputs were not: a build can restore either for the other.",
      wayOut: [
        "make the task reproducible (see not-reproducible)",
        "if the difference matters: depid-hashclient remove -w unihash DEPID, and delete the objects of that depid",
      ],
    }),
  ),
  (tables) => {
    const foreign = [...tables.methods].filter(([method]) => !isOf(method, tables.method));
    if (foreign.length === 0) return undefined;
    return {
      id: "foreign-method",
      severity: "warning",
      seen: `equivalences of other methods than ${tables.method ?? USUAL}`,
      count: foreign.reduce((sum, [, rows]) => sum + rows, 0),
      examples: foreign.map(([method, equivalences]): Example => ({ method, equivalences })),
      why: "Builds ask for the depids of their own method only: these equivalences are lost on them.",
      wayOut: [
        "give all builds one SSTATE_HASHEQUIV_METHOD",
        "if a method is out of use: depid-hashclient remove -w method METHOD",
      ],
    };
  },
  ({ hashVersions }) =>
    hashVersions.size > 1
      ? {
          id: "hash-version-mix",
          severity: "note",
          seen: `outhashes of several values of HASHEQUIV_HASH_VERSION`,
          count: hashVersions.size,
          examples: [...hashVersions].map(([version, outhashes]): Example => ({ version, outhashes })),
          why: "Outhashes of different versions never agree: the same output counts as another, and equivalences begin anew with each version.",
          wayOut: [
            "if no build of the older release is left: gc-mark, gc-sweep and clean-unused (docs/operating-hashserv.md)",
          ],
        }
      : undefined,
  ruleAbout(
    (tables) => tables.unreported,
    ({ count }) => ({
      id: "unreported-depid",
      severity: "note",
      seen: `${counted(count, "depid")} that no output was reported for`,
      why:
        "They were copied from an upstream, or declared by a build that kept what it had restored, or their outhashes were removed. They " +
        "serve look-ups; no output can join them.",
      wayOut: ["nothing, if the server has an upstream", "otherwise they go with the next gc-sweep"],
    }),
  ),
  ruleAbout(
    (tables) => tables.unused,
    ({ count }, { unusedDays }) => ({
      id: "unused-outhash",
      severity: "note",
      seen: `${counted(count, "outhash", "outhashes")} older than ${counted(unusedDays, "day")} whose taskhash has no depid`,
      why: "They take part in nothing; a sweep leaves them behind.",
      wayOut: [
        `depid-hashclient clean-unused ${unusedDays * 86_400} (of BitBake's server, this removes younger ones too: docs/differences.md)`,
      ],
    }),
  ),
];

/** Garbage collection that was begun and not ended. */
export const collectionRule: Rule<Collection> = ({ mark, keep, remove }) => ({
  id: "unfinished-collection",
  severity: "warning",
  seen: `a garbage collection was begun (mark "${mark}") and not ended: ${counted(keep, "equivalence")} to keep, ${counted(remove, "equivalence")} to remove`,
  count: 1,
  examples: [{ mark, keep, remove }],
  why: "Until it is swept nothing is removed, and all that is reported anew gets the mark.",
  wayOut: [
    `depid-hashclient gc-sweep ${mark}, if what is marked is all that shall stay`,
    "mark again first: gc-mark-stream (docs/operating-hashserv.md)",
  ],
});

/** Method of OE-Core. */
export const USUAL: string = outHashBasic.name;

/** Generators may add a suffix for each task. */
function isOf(method: string, expected: string | undefined): boolean {
  return method.startsWith(expected ?? USUAL);
}
