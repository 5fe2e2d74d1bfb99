import { wholeNumber } from "@depid/command-line/flags";
import type { ClientCommand } from "./command.ts";
import { createWhereOption } from "./where.ts";

/** Commands that remove rows, or say which to keep. */
export const UPKEEP: readonly ClientCommand[] = [
  {
    syntax: "remove",
    summary: "remove rows",
    examples: [
      { line: "depid-hashclient remove --where unihash UNIHASH", does: "rows of one unihash" },
      {
        line: "depid-hashclient --login admin --password TOKEN remove -w method METHOD -w taskhash TASKHASH",
        does: "rows that are both, as a user who may",
      },
    ],
    configure: (command) => command.addOption(createWhereOption("rows in which KEY is VALUE")),
    load: async () => (await import("./upkeep.ts")).upkeep.remove,
  },
  {
    syntax: "clean-unused",
    summary: "remove outputs that no unihash belongs to, and that are older",
    examples: [
      { line: "depid-hashclient clean-unused 2592000", does: "outputs older than thirty days" },
      { line: "depid-hashclient clean-unused 0 --json", does: "all of them, for programs" },
    ],
    configure: (command) => command.argument("<seconds>", "the age from which on they are removed", wholeNumber()),
    load: async () => (await import("./upkeep.ts")).upkeep["clean-unused"],
  },
  {
    syntax: "gc-status",
    summary: "the current mark, and what a sweep would keep and remove",
    examples: [
      { line: "depid-hashclient gc-status", does: "whether a collection has begun" },
      { line: "depid-hashclient gc-status --json", does: "the same for programs" },
    ],
    load: async () => (await import("./upkeep.ts")).upkeep["gc-status"],
  },
  {
    syntax: "gc-mark <mark>",
    summary: "begin a garbage collection, or go on with it: mark hashes to be kept",
    examples: [
      { line: "depid-hashclient gc-mark january --where unihash UNIHASH", does: "keeps one unihash" },
      {
        line: "depid-hashclient gc-mark january --where method oe.sstatesig.OEOuthashBasic",
        does: "keeps all of a method",
      },
    ],
    configure: (command) => command.addOption(createWhereOption("keep rows in which KEY is VALUE")),
    load: async () => (await import("./upkeep.ts")).upkeep["gc-mark"],
  },
  {
    syntax: "gc-mark-stream <mark>",
    summary: "mark hashes to be kept, each line of stdin being KEY VALUE KEY VALUE ...",
    examples: [
      { line: "depid-hashclient gc-mark-stream january < keep.txt", does: "lines such as: unihash UNIHASH" },
      { line: "zcat keep.gz | depid-hashclient gc-mark-stream january --json", does: "the same, for programs" },
    ],
    load: async () => (await import("./upkeep.ts")).upkeep["gc-mark-stream"],
  },
  {
    syntax: "gc-sweep <mark>",
    summary: "end a garbage collection: remove all hashes without the mark",
    examples: [
      { line: "depid-hashclient gc-sweep january", does: "removes what was not marked" },
      { line: "depid-hashclient --login admin --password TOKEN gc-sweep january", does: "as a user who may" },
    ],
    load: async () => (await import("./upkeep.ts")).upkeep["gc-sweep"],
  },
];
