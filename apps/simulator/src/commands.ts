import type { CommandEntry, Example } from "@depid/command-line";
import type { DepidCommand } from "./depid-command.ts";
import { IMPORTS } from "./import/commands.ts";
import type { Shutdown } from "./shutdown.ts";

/** What the help of the program itself shows. */
export const EXAMPLES: readonly Example[] = [
  { line: "depid diff before.jsonl.gz build", does: "which signatures differ between a capture and a build directory" },
  { line: "depid help import git", does: "the help of a command" },
];

/** The commands of `depid`, in the order of the help. A new one is one entry here, a file with its flags and one with its work. */
export const COMMANDS: readonly DepidCommand[] = [
  {
    name: "replay",
    summary: "replay a history under several policies: what each would save, in tasks and hours",
    load: async () => (await import("./replay-command.ts")).addReplayFlags,
    examples: [
      {
        line: "depid replay oe-core.history.jsonl.gz --outcomes labels.yaml",
        does: "all policies side by side, with what a person knows of the changes",
      },
      {
        line: "depid replay oe-core.history.jsonl.gz --policy basichash,equivhash --builder persistent",
        does: "two policies, in a build directory that is kept",
      },
    ],
  },
  {
    name: "explore",
    summary: "look at a replay in a browser: bars, tasks, what each hashes and why it ran",
    load: async () => (await import("./explore-command.ts")).addExploreFlags,
    examples: [
      {
        line: "depid explore oe-core.history.jsonl.gz --outcomes labels.yaml --durations durations.csv.gz",
        does: "replays, and serves the page on this machine until it is ended",
      },
      { line: "depid explore run.json.gz", does: "the same of what depid replay --record run.json.gz wrote" },
    ],
  },
  {
    name: "scenarios",
    summary:
      "small builds that come with depid, each with what is to be seen in it: for depid replay and depid explain",
    load: async () => (await import("./scenarios-command.ts")).addScenariosFlags,
    examples: [
      { line: "depid scenarios", does: "their names" },
      { line: "depid replay fpga-chain", does: "one of them, explained and replayed" },
    ],
  },
  {
    name: "advise",
    summary: "what follows from a replay: which policies are worth having, what they ask of the server, what to do",
    load: async () => (await import("./advise-command.ts")).addAdviseFlags,
    examples: [
      {
        line: "depid advise oe-core.history.jsonl.gz --outcomes labels.yaml --sensitivity",
        does: "the advice, and under which outcomes it would be another",
      },
      {
        line: "depid advise oe-core.history.jsonl.gz --durations buildstats --csv figures.csv",
        does: "in hours, with all figures in a file",
      },
    ],
  },
  {
    name: "predict",
    summary: "what a change will cost to build under several policies, where the state before it was built",
    load: async () => (await import("./predict-command.ts")).addPredictFlags,
    examples: [
      {
        line: "depid predict before.jsonl.gz after.jsonl.gz --durations buildstats --markdown",
        does: "a comment for a merge request, with hours",
      },
      {
        line: "depid predict layer.history.jsonl.gz@41 build --durations buildstats --fail-above 4",
        does: "exit 1 if the build is expected to take more than four hours",
      },
    ],
  },
  {
    name: "retention",
    summary: "how large an sstate cache should be: hours lost against bytes kept, by each rule of pruning",
    load: async () => (await import("./retention-command.ts")).addRetentionFlags,
    examples: [
      {
        line: "depid retention layer.history.jsonl.gz --sizes objects.jsonl.gz --durations buildstats",
        does: "in hours, with the sizes of the objects of a real cache",
      },
      {
        line: "depid retention layer.history.jsonl.gz --sizes 2MB --bytes 50GB,20GB --ages 10,30",
        does: "with an estimate of sizes, and limits of your own",
      },
    ],
  },
  {
    name: "sweep",
    summary: "replay a history many times with what nobody knows drawn: between which bounds the figures are",
    load: async () => (await import("./sweep-command.ts")).addSweepFlags,
    examples: [
      {
        line: "depid sweep layer.history.jsonl.gz --outcomes labels.yaml --neutral 0.2,0.8",
        does: "changes without a label are neutral with two probabilities, 100 samples each",
      },
      {
        line: "depid sweep layer.history.jsonl.gz --samples 200 --shard 2/8 -o part-2.json",
        does: "the second of eight parts, say of a CI matrix",
      },
    ],
  },
  {
    name: "worker",
    summary: "measure samples of sweeps that are in a queue, on any number of machines",
    load: async () => (await import("./worker-command.ts")).addWorkerFlags,
    examples: [
      {
        line: "depid worker --queue postgres://depid@db.example.org/depid",
        does: "as many samples at a time as there are processors, until it is ended",
      },
      {
        line: "depid worker --queue postgres://db.example.org/depid --jobs 2 --until-idle",
        does: "two at a time, until nothing is left",
      },
    ],
  },
  {
    name: "merge",
    summary: "put the parts of a sweep together, as though it had been done at once",
    load: async () => (await import("./merge-command.ts")).addMergeFlags,
    examples: [
      { line: "depid merge part-1.json part-2.json", does: "the report of a sweep that was done in two parts" },
      { line: "depid merge part-1.json part-2.json --json", does: "the same as data" },
    ],
  },
  {
    name: "verify",
    summary: "hold the prediction for a history against what BitBake really ran",
    load: async () => (await import("./verify-command.ts")).addVerifyFlags,
    examples: [
      {
        line: "depid verify layer.history.jsonl.gz 3=tmp/buildstats/20260101000000",
        does: "step 3 against the buildstats of that build",
      },
      {
        line: "depid verify layer.history.jsonl.gz console-1.log console-2.log --at-least 0.95",
        does: "steps 1 and 2 against console logs; exit 1 if they agree less",
      },
    ],
  },
  {
    name: "import",
    summary: "turn what BitBake wrote into captures, histories and tables",
    commands: IMPORTS,
    examples: [
      { line: "depid import sigdata build/tmp/stamps", does: "checks every signature file of a build" },
      { line: "depid help import git", does: "what there is to say for making a history of commits" },
    ],
  },
  {
    name: "label",
    summary: "draft labels for the changes of a history, for somebody to review",
    load: async () => (await import("./label-command.ts")).addLabelFlags,
    examples: [
      {
        line: "depid label layer.history.jsonl.gz -o labels.yaml",
        does: "a draft from what the changes look like",
      },
      {
        line: "depid label layer.history.jsonl.gz --labels labels.yaml --from classes,messages",
        does: "labels for what the given ones do not match",
      },
    ],
  },
  {
    name: "doctor",
    summary: "find what keeps builds from reusing what was built, each with the way out; changes nothing",
    load: async () => (await import("./doctor-command.ts")).addDoctorFlags,
    examples: [
      { line: "depid doctor build", does: "a build directory: its settings, sstate and server" },
      {
        line: "depid doctor /srv/sstate --hashserv hashserv.example.org:8686",
        does: "an sstate directory, against the server that names its objects",
      },
    ],
  },
  {
    name: "diff",
    summary: "which signatures differ between two builds, grouped by root cause",
    load: async () => (await import("./diff-command.ts")).addDiffFlags,
    examples: [
      { line: "depid diff before.jsonl.gz build", does: "a capture against a build directory" },
      {
        line: "depid diff before.jsonl.gz after.jsonl.gz --task 'busybox:*' --markdown",
        does: "tasks of one recipe, as a summary for a merge request",
      },
    ],
  },
  {
    name: "explain",
    summary:
      "how the taskhash of a task came about; against another build, why it changed and what would have stopped it",
    load: async () => (await import("./explain-command.ts")).addExplainFlags,
    examples: [
      { line: "depid explain build busybox:do_compile", does: "what the taskhash is made of" },
      {
        line: "depid explain after.jsonl.gz busybox do_compile --against before.jsonl.gz",
        does: "why it is another one than before",
      },
      {
        line: "depid explain build --console console.log",
        does: "what differs behind each Taskhash mismatch of a console log",
      },
    ],
  },
  {
    name: "outhash",
    summary: "what OEOuthashBasic hashes of an output folder; against another, which files differ",
    load: async () => (await import("./outhash-command.ts")).addOutHashFlags,
    examples: [
      { line: "depid outhash work/busybox/1.37/sysroot-destdir", does: "the text that is hashed, and its outhash" },
      {
        line: "depid outhash ours/package --against theirs/package --task package",
        does: "which files differ; exit 1 if any",
      },
    ],
  },
  {
    name: "check-locks",
    summary: "which locked signatures do not fit a build, which do nothing, and what they hold back",
    load: async () => (await import("./check-locks-command.ts")).addCheckLocksFlags,
    examples: [
      { line: "depid check-locks locked-sigs.inc build", does: "the locks of a file against a build directory" },
      {
        line: "depid check-locks locked-sigs.inc after.jsonl.gz --all --json",
        does: "every lock, against a capture, as data",
      },
    ],
  },
];

/** The commands with what they need from the process. */
export function entriesFor(shutdown: Shutdown, commands: readonly DepidCommand[] = COMMANDS): readonly CommandEntry[] {
  return commands.map(({ load, commands: below, ...entry }) => ({
    ...entry,
    ...(below === undefined ? {} : { commands: entriesFor(shutdown, below) }),
    ...(load === undefined
      ? {}
      : {
          async load() {
            const add = await load();
            return (command) => add(command, shutdown);
          },
        }),
  }));
}
