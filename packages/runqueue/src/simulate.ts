import type { DepId } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { BuilderState } from "./builder.ts";
import { Agenda } from "./clock.ts";
import type { BuildEffect } from "./effect.ts";
import { StepError } from "./errors.ts";
import type { BuildEvent } from "./event.ts";
import { once } from "./once.ts";
import { Outputs } from "./outputs.ts";
import type { BuildPlan } from "./plan.ts";
import { leaveBuilder } from "./stamps.ts";
import { type BuildState, createState } from "./state/state.ts";
import { type BuildInput, step } from "./step.ts";
import { type BuildSummary, summarizeBuild } from "./summary.ts";
import { depIdOfTask, leaveDepIds } from "./unseen.ts";
import type { BuildWorld } from "./world.ts";

/** A build that is over. */
export interface SimulatedBuild {
  /** The build directory as it is now. */
  readonly builder: BuilderState;
  readonly events: readonly BuildEvent[];
  readonly summary: BuildSummary;
  /** The state in which the build ended, for looking into. */
  readonly state: BuildState;
}

/**
 * Carries out one build on a virtual clock (runqueue.md sections 5 to 8, 11, 12).
 *
 * @param builder left as it is; the build directory afterwards is in the result
 */
export async function simulateBuild(
  plan: BuildPlan,
  builder: BuilderState,
  world: BuildWorld,
): Promise<SimulatedBuild> {
  const driver = new Driver(createState(plan, builder, world), world);
  const state = await driver.run();
  const left = once((): BuilderState => leaveBuilder(state));
  const summary = once(() => summarizeBuild(plan, state.log));
  const { saved } = world.cache ?? {};
  leaveDepIds(state);
  return {
    // What many who build have no use for is made when it is asked for.
    get builder() {
      return saved === undefined ? left() : { ...left(), depids: saved };
    },
    events: state.log,
    get summary() {
      return summary();
    },
    state,
  };
}

type Started = BuildEffect & { readonly type: "start" };
/** An effect that is to be answered before anything else is told. */
type Question = BuildEffect & { readonly type: "check" | "look-up" | "declare" };

/** Carries out the effects of a build on a virtual clock. */
class Driver {
  readonly #state: BuildState;
  readonly #world: BuildWorld;
  readonly #outputs: Outputs;
  readonly #agenda = new Agenda<Started>();
  readonly #depIdOf = (task: number): DepId => depIdOfTask(this.#state, task);

  constructor(state: BuildState, world: BuildWorld) {
    this.#state = state;
    this.#world = world;
    this.#outputs = new Outputs(state, world);
  }

  async run(): Promise<BuildState> {
    await this.#answer(this.#tell({ type: "begin", at: 0 }), 0);
    await this.#decide(0);
    while (!this.#isOver) {
      const at = this.#agenda.nextAt;
      if (at === undefined) throw new StepError("nothing runs, and nothing is decided");
      await this.#endTasks(at);
      await this.#decide(at);
    }
    await this.#outputs.sendReports();
    await this.#outputs.storeObjects();
    this.#outputs.completeLog();
    return this.#state;
  }

  get #isOver(): boolean {
    return this.#state.phase === "ended";
  }

  /** All tasks that end at this time do so; what they report is one batch. */
  async #endTasks(at: number): Promise<void> {
    const ended = [];
    while (this.#agenda.nextAt === at) ended.push(this.#outputs.end(this.#agenda.take() as Started, at));
    if (ended.some(({ report }) => report?.adopted)) await this.#outputs.sendReports();
    for (const task of ended) {
      const question = this.#tell(this.#outputs.keep(task));
      if (question !== undefined) await this.#answer(question, at);
    }
  }

  /** Lets the build decide until it waits for a task. */
  async #decide(at: number): Promise<void> {
    for (;;) {
      const question = this.#tell({ type: "decide", at });
      if (question === undefined) return;
      await this.#answer(question, at);
    }
  }

  /** @returns the question to be answered before anything else is told, if there is one */
  #tell(input: BuildInput): Question | undefined {
    let question: Question | undefined;
    for (const effect of step(this.#state, input)) {
      if (effect.type === "start") this.#start(effect, input.at);
      else if (effect.type === "remember") this.#remember(effect);
      else if (effect.type !== "end") question = effect;
    }
    return question;
  }

  #start(effect: Started, at: number): void {
    if (effect.variant === "real" && !effect.dry) this.#world.onStart?.(effect.task, this.#depIdOf);
    this.#agenda.add(at + this.#durationOf(effect), effect);
  }

  /** Answers a question, and those that follow from the answer. */
  async #answer(first: Question | undefined, at: number): Promise<void> {
    for (let question = first; question !== undefined; ) {
      const input = this.#inputFor(question, at);
      question = this.#tell(input instanceof Promise ? await input : input);
    }
  }

  /** @returns at once where the world does */
  #inputFor(question: Question, at: number): BuildInput | Promise<BuildInput> {
    switch (question.type) {
      case "check":
        return this.#outputs.findObjects(question.tasks).then((found) => ({ type: "checked", at, found }));
      case "look-up":
        return then(this.#lookUp(question), (depids) => ({ type: "looked-up", at, depids }));
      case "declare":
        return then(this.#declare(question), (depids) => ({ type: "declared", at, depids }));
    }
  }

  #lookUp({ requests }: Question & { readonly type: "look-up" }): Answer<readonly DepId[]> {
    const { generator } = this.#world;
    if (generator === undefined) throw new StepError("look-up: there is no generator");
    return generator.depids(requests.map((request) => ({ ...request, task: this.#task(request.task) })));
  }

  #declare({ rows }: Question & { readonly type: "declare" }): Answer<readonly DepId[]> {
    const { equivalences } = this.#world;
    if (equivalences === undefined) return rows.map(({ task }) => this.#state.hashes.generated.depid[task] as DepId);
    return equivalences.declare(rows.map((row) => ({ ...row, task: this.#task(row.task) })));
  }

  #remember({ task, taskhash, depid }: BuildEffect & { readonly type: "remember" }): void {
    this.#world.cache?.store({ task: this.#task(task), taskhash, askable: true }, depid);
  }

  #durationOf({ task, variant, dry }: Started): number {
    return dry ? 0 : (this.#world.durationOf?.(this.#task(task), variant, task) ?? 1000);
  }

  #task(task: number): Task {
    return this.#state.plan.tasks[task] as Task;
  }
}

type Answer<T> = T | Promise<T>;

function then<T, U>(answer: Answer<T>, use: (answer: T) => U): Answer<U> {
  return answer instanceof Promise ? answer.then(use) : use(answer);
}
