import { TASK_PREFIX } from "@depid/hash";

/** What a step's command line asks for, as far as it matters once the graph is there. */
export interface BuildArguments {
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly setsceneOnly: boolean;
  readonly skipSetscene: boolean;
  readonly noSetscene: boolean;
  /** `-C`: tasks of the target recipes which are tainted, with `do_`. */
  readonly clearStamps: readonly string[];
  /** `--runall` and `--runonly`, with `do_`. */
  readonly runAll: readonly string[];
  readonly runOnly: readonly string[];
  /** The first option that is not known. */
  readonly unknown: string | undefined;
}

/** Options with a value that only select tasks: the recorded graph is their result. */
const SELECTING: ReadonlySet<string> = new Set(["-c", "--cmd"]);

/** Reads arguments of `bitbake`. */
export function parseBuildArguments(args: readonly string[]): BuildArguments {
  const flags = new Set<string>();
  const clearStamps: string[] = [];
  const runAll: string[] = [];
  const runOnly: string[] = [];
  let unknown: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (!arg.startsWith("-")) continue;
    if (SELECTING.has(arg)) i += 1;
    else if (arg === "-C") clearStamps.push(...(args[++i] ?? "").split(",").map(withDo));
    else if (arg === "--runall") runAll.push(withDo(args[++i] ?? ""));
    else if (arg === "--runonly") runOnly.push(withDo(args[++i] ?? ""));
    else for (const flag of spellOut(arg)) flags.add(flag);
  }
  const take = (flag: string): boolean => flags.delete(flag);
  const found = {
    force: take("-f"),
    dryRun: take("-n"),
    keepGoing: take("-k"),
    setsceneOnly: take("--setscene-only"),
    skipSetscene: take("--skip-setscene"),
    noSetscene: take("--no-setscene"),
  };
  for (const flag of flags) unknown ??= flag;
  return { ...found, clearStamps, runAll, runOnly, unknown };
}

/** `-fn` is `-f -n`. */
function spellOut(arg: string): readonly string[] {
  return arg.startsWith("--") ? [arg] : [...arg.slice(1)].map((letter) => `-${letter}`);
}

function withDo(task: string): string {
  return task.startsWith(TASK_PREFIX) ? task : `${TASK_PREFIX}${task}`;
}
