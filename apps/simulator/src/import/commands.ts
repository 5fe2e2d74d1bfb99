import type { DepidCommand } from "../depid-command.ts";

/** What can be imported, in the order of the help: each with a file of flags and one of work in this folder. */
export const IMPORTS: readonly DepidCommand[] = [
  {
    name: "sigdata",
    summary: "check signature files (sigdata, sigbasedata, siginfo) and make a capture of them",
    load: async () => (await import("./sigdata-command.ts")).addSigdataFlags,
    examples: [
      { line: "depid import sigdata build/tmp/stamps", does: "computes every hash again, writes nothing" },
      {
        line: "depid import sigdata build/tmp/stamps --dot task-depends.dot -o build.jsonl.gz",
        does: "a capture, with what bitbake -g told of the same build",
      },
    ],
  },
  {
    name: "capture",
    summary: "make a history of captures, in the order given",
    load: async () => (await import("./capture-command.ts")).addCaptureFlags,
    examples: [
      {
        line: "depid import capture monday.jsonl.gz tuesday.jsonl.gz -o week.history.jsonl.gz",
        does: "a history of two steps",
      },
      {
        line: "depid import capture week.history.jsonl.gz@0 build -o now.history.jsonl.gz",
        does: "a step of a history, and what a build directory holds",
      },
    ],
  },
  {
    name: "git",
    summary: "walk the commits of a layer, run BitBake for each, and make a history of the captures",
    load: async () => (await import("./git-command.ts")).addGitFlags,
    examples: [
      {
        line: "depid import git openembedded-core --bitbake bitbake -o oe-core.history.jsonl.gz",
        does: "the last ten commits",
      },
      {
        line: "depid import git meta-ours --conf build --range v1.0..main --stride 5 -o ours.history.jsonl.gz",
        does: "every fifth commit since v1.0, as a build directory is configured",
      },
    ],
  },
  {
    name: "buildhistory",
    summary: "read the taskhashes, or the outputs, that builds committed to a buildhistory repository, as changes",
    load: async () => (await import("./buildhistory-command.ts")).addBuildHistoryFlags,
    examples: [
      { line: "depid import buildhistory build/buildhistory", does: "how many builds and taskhashes there are" },
      { line: "depid import buildhistory build/buildhistory -o tasksigs.jsonl.gz", does: "all of them as a table" },
    ],
  },
  {
    name: "buildstats",
    summary: "read how long tasks took",
    load: async () => (await import("./buildstats-command.ts")).addBuildStatsFlags,
    examples: [
      { line: "depid import buildstats build/tmp/buildstats", does: "what the builds took in sum" },
      {
        line: "depid import buildstats build/tmp/buildstats -o durations.jsonl.gz",
        does: "a table that --durations takes",
      },
    ],
  },
  {
    name: "dot",
    summary: "read what must be complete before what, from bitbake -g",
    load: async () => (await import("./dot-command.ts")).addDotFlags,
    examples: [
      { line: "depid import dot task-depends.dot", does: "how many tasks and edges there are" },
      {
        line: "depid import dot task-depends.dot --pn-buildlist pn-buildlist -o edges.jsonl.gz",
        does: "the edges as a table, and whether both files agree",
      },
    ],
  },
  {
    name: "hashserv",
    summary: "read the database of a hash equivalence server, which may be running",
    load: async () => (await import("./hashserv-command.ts")).addHashservFlags,
    examples: [
      { line: "depid import hashserv build/hashserv.db", does: "how many equivalences there are" },
      {
        line: "depid import hashserv hashserv.db --table outhashes -o outhashes.jsonl.gz",
        does: "what tasks put out, as a table",
      },
    ],
  },
  {
    name: "locked-sigs",
    summary: "read locked signatures, as bitbake -S lockedsigs writes them, and which are in force",
    load: async () => (await import("./locked-sigs-command.ts")).addLockedSigsFlags,
    examples: [
      { line: "depid import locked-sigs locked-sigs.inc", does: "how many locks there are" },
      { line: "depid import locked-sigs locked-sigs.inc -o locks.jsonl.gz", does: "all of them as a table" },
    ],
  },
  {
    name: "log",
    summary: "read the summaries of the builds in a log, the tasks that it names, and depids that changed",
    load: async () => (await import("./log-command.ts")).addLogFlags,
    examples: [
      { line: "depid import log console.log", does: "what was wanted, found and missed" },
      { line: "depid import log nightly.log.gz --json", does: "the same for a program" },
    ],
  },
  {
    name: "sstate",
    summary: "list the objects of an sstate directory, by what their names say",
    load: async () => (await import("./sstate-command.ts")).addSstateFlags,
    examples: [
      { line: "depid import sstate build/sstate-cache", does: "how many objects of how many recipes, in bytes" },
      { line: "depid import sstate /srv/sstate -o objects.jsonl.gz", does: "all of them as a table" },
    ],
  },
  {
    name: "stamps",
    summary: "list stamps, taint files and signature files, by what their names say",
    load: async () => (await import("./stamps-command.ts")).addStampsFlags,
    examples: [
      { line: "depid import stamps build/tmp/stamps", does: "how many of each kind there are" },
      { line: "depid import stamps build/tmp/stamps -o stamps.jsonl.gz", does: "all of them as a table" },
    ],
  },
];
