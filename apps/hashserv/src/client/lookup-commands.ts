import type { ClientCommand } from "./command.ts";

/** Commands that only ask. */
export const LOOKUPS: readonly ClientCommand[] = [
  {
    syntax: "get <method> <taskhash>",
    summary: "the unihash of a taskhash, with all that is known of its oldest output",
    examples: [
      {
        line: "depid-hashclient get oe.sstatesig.OEOuthashBasic TASKHASH",
        does: "from the server of this build directory",
      },
      {
        line: "depid-hashclient --address hashserv:8686 get oe.sstatesig.OEOuthashBasic TASKHASH --json",
        does: "from another server; null if it knows none",
      },
    ],
    load: async () => (await import("./lookups.ts")).lookups.get,
  },
  {
    syntax: "get-outhash <method> <outhash> <taskhash>",
    summary: "the oldest record of an output",
    examples: [
      {
        line: "depid-hashclient get-outhash oe.sstatesig.OEOuthashBasic OUTHASH TASKHASH",
        does: "who put this out first",
      },
      {
        line: "depid-hashclient --address hashserv:8686 get-outhash oe.sstatesig.OEOuthashBasic OUTHASH TASKHASH",
        does: "the same of another server",
      },
    ],
    load: async () => (await import("./lookups.ts")).lookups["get-outhash"],
  },
  {
    syntax: "stats",
    summary: "how many requests the server has handled, and how fast",
    examples: [
      { line: "depid-hashclient stats", does: "all requests since the server began" },
      { line: "depid-hashclient --address hashserv:8686 stats --reset", does: "and begins anew" },
    ],
    configure: (command) => command.option("--reset", "begin anew afterwards"),
    load: async () => (await import("./lookups.ts")).lookups.stats,
  },
  {
    syntax: "get-db-usage",
    summary: "how many rows each table has",
    examples: [
      { line: "depid-hashclient get-db-usage", does: "a table for people" },
      { line: "depid-hashclient get-db-usage --json", does: "the same for programs" },
    ],
    load: async () => (await import("./lookups.ts")).lookups["get-db-usage"],
  },
  {
    syntax: "get-db-query-columns",
    summary: "the columns that --where may name",
    examples: [
      { line: "depid-hashclient get-db-query-columns", does: "a name in each line" },
      {
        line: "depid-hashclient --address hashserv:8686 get-db-query-columns --json",
        does: "of another server, for programs",
      },
    ],
    load: async () => (await import("./lookups.ts")).lookups["get-db-query-columns"],
  },
  {
    syntax: "unihash-exists <unihash>",
    summary: "whether the server knows a unihash",
    examples: [
      { line: "depid-hashclient unihash-exists UNIHASH", does: "prints true or false" },
      { line: "depid-hashclient unihash-exists UNIHASH --quiet && echo yes", does: "tells by the exit status" },
    ],
    configure: (command) => command.option("--quiet", "print nothing; exit status 0 if it exists, 1 if not"),
    load: async () => (await import("./lookups.ts")).lookups["unihash-exists"],
  },
];
