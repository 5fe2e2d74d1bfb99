import type { DurationRecord } from "@depid/durations";
import { byCodePoint, sha256Hex, type Tid } from "@depid/hash";
import type { OutputSource } from "@depid/replay";
import type { Scenario, TaskCommand } from "@depid/scenario";
import { computeOutHash, outHashBasic } from "@depid/sstate";
import { createDirectoryTree } from "@depid/sstate/fs";
import { ExecutionError } from "./errors.ts";
import { runSandboxed, type SandboxLimits } from "./sandbox.ts";

/** What a command left. */
export interface ExecutedOutput {
  readonly folder: string;
  /** Its outhash, but for what names recipe and version: equal for equal files. */
  readonly digest: string;
}

/** What a command left, and how long it took. */
export interface ExecutedRun extends ExecutedOutput {
  readonly seconds: number;
}

/** What a clean build of each step makes, by running the commands of a scenario. */
export class ExecutedOutputs {
  readonly #scenario: Scenario;
  readonly #limits: SandboxLimits;
  readonly #place: string;
  /** By what went into them: what was run once with the same inputs is not run again. */
  readonly #known = new Map<string, ExecutedOutput>();
  readonly #durations: DurationRecord[] = [];
  /** By step. */
  readonly #outputs: ReadonlyMap<Tid, ExecutedOutput>[] = [];

  /** @param place folder for outputs */
  constructor(scenario: Scenario, limits: SandboxLimits, place: string) {
    this.#scenario = scenario;
    this.#limits = limits;
    this.#place = place;
  }

  /** Runs the commands of all steps. @throws {ExecutionError} when a task has none, or one fails */
  async runAll(): Promise<void> {
    for (const step of this.#scenario.commands.keys()) {
      const outputs = new Map<Tid, ExecutedOutput>();
      for (const tid of this.commandsIn(step).keys()) await this.#make(step, tid, outputs);
      this.#outputs.push(outputs);
    }
  }

  /** How many commands were run. */
  get count(): number {
    return this.#known.size;
  }

  /** How long commands of clean builds took. */
  get durations(): readonly DurationRecord[] {
    return this.#durations;
  }

  commandsIn(step: number): ReadonlyMap<Tid, TaskCommand> {
    return this.#scenario.commands[step] ?? new Map();
  }

  /** What the task makes in a clean build of a step. */
  outputOf(step: number, tid: Tid): ExecutedOutput | undefined {
    return this.#outputs[step]?.get(tid);
  }

  /** Runs the command of a task with these outputs of those below. @throws {ExecutionError} */
  async run(step: number, tid: Tid, inputs: ReadonlyMap<Tid, ExecutedOutput>): Promise<ExecutedRun> {
    const command = this.commandsIn(step).get(tid) as TaskCommand;
    const source = `${this.#scenario.name}@${step}`;
    const { name, recipe, version, run, variables, files } = command;
    if (run === undefined)
      throw new ExecutionError(source, name, "expected commands (run) to be executed, found none in the scenario");
    const folders = new Map<string, string>();
    for (const input of command.inputs) {
      const nameOfInput = this.commandsIn(step).get(input)?.name ?? input;
      const found = inputs.get(input);
      if (found === undefined)
        throw new ExecutionError(
          source,
          name,
          `expected the output of ${nameOfInput} in the build directory, found none`,
        );
      folders.set(nameOfInput, found.folder);
    }
    const result = await runSandboxed(
      { run, variables: { ...variables, PN: recipe, PV: version }, files, inputs: folders },
      this.#limits,
      this.#place,
    );
    if ("problem" in result) throw new ExecutionError(source, name, result.problem);
    return { folder: result.output, digest: await digestOf(result.output, name), seconds: result.seconds };
  }

  async #make(step: number, tid: Tid, outputs: Map<Tid, ExecutedOutput>): Promise<ExecutedOutput> {
    const made = outputs.get(tid);
    if (made !== undefined) return made;
    const { name, version, inputs, run, variables, files } = this.commandsIn(step).get(tid) as TaskCommand;
    const digests: string[] = [];
    for (const input of inputs) digests.push(`${input} ${(await this.#make(step, input, outputs)).digest}`);
    const sorted = (texts: Readonly<Record<string, string>>) =>
      Object.entries(texts).sort(([a], [b]) => byCodePoint(a, b));
    const key = sha256Hex(JSON.stringify([name, version, run, sorted(variables), sorted(files), digests.sort()]));
    const output = this.#known.get(key) ?? (await this.#runFirst(step, tid, outputs));
    this.#known.set(key, output);
    outputs.set(tid, output);
    return output;
  }

  async #runFirst(step: number, tid: Tid, outputs: ReadonlyMap<Tid, ExecutedOutput>): Promise<ExecutedOutput> {
    const { seconds, ...output } = await this.run(step, tid, outputs);
    const { name, recipe } = this.commandsIn(step).get(tid) as TaskCommand;
    this.#durations.push({ recipe, task: name.slice(name.indexOf(":") + 1), elapsed: seconds });
    return output;
  }

  /** The same as a member of a chain of outcomes, for one replay. */
  asSource(): OutputSource {
    let at = 0;
    return {
      name: "executed",
      notes: [],
      follow: async (_graph, _seeds, { step }) => {
        at = step;
      },
      outputOf: (tid) => {
        const output = this.outputOf(at, tid)?.digest;
        return output === undefined ? undefined : { output, extra: "", taskhash: "" };
      },
    };
  }
}

/** @param name `PN:TASK` */
export async function digestOf(folder: string, name: string): Promise<string> {
  const settings = { pkgSpec: "", task: name.slice(name.indexOf(":") + 1), underPseudo: false, sourceDateEpoch: 0 };
  return (await computeOutHash(createDirectoryTree(folder), outHashBasic, settings)).outhash;
}
