import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { BuilderState } from "./builder.ts";
import { Agenda } from "./clock.ts";
import { StepError } from "./errors.ts";
import type { BuildEvent } from "./event.ts";
import type { BuildPlan } from "./plan.ts";
import { leaveBuilder } from "./stamps.ts";
import { type BuildState, createState, type TaskHashes } from "./state.ts";
import { type BuildEffect, type BuildInput, step } from "./step.ts";
import { type BuildSummary, summarizeBuild } from "./summary.ts";
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
  const { saved } = world.cache ?? {};
  const left = leaveBuilder(state);
  return {
    builder: saved === undefined ? left : { ...left, depids: saved },
    events: state.log,
    summary: summarizeBuild(plan, state.log),
    state,
  };
}

/** An event that is in the log already, in its place, while the answer it tells of is still to come. */
type Pending<T extends BuildEvent["type"]> = {
  -readonly [K in keyof Extract<BuildEvent, { type: T }>]: Extract<BuildEvent, { type: T }>[K];
};

type StartEffect = BuildEffect & { readonly type: "start" };
/** An effect that is to be answered before anything else is told. */
type Question = BuildEffect & { readonly type: "check" | "look-up" | "declare" };

class Driver {
  readonly #state: BuildState;
  readonly #world: BuildWorld;
  readonly #agenda = new Agenda<StartEffect>();
  #reports: { readonly event: Pending<"reported">; readonly task: number }[] = [];
  #objects: { readonly event: Pending<"stored">; readonly content: string }[] = [];
  /** What the objects hold that were found when they were asked for. */
  readonly #found = new Map<number, string>();

  constructor(state: BuildState, world: BuildWorld) {
    this.#state = state;
    this.#world = world;
  }

  async run(): Promise<BuildState> {
    await this.#answer(this.#tell({ type: "begin", at: 0 }), 0);
    await this.#decide(0);
    while (!this.#isOver) {
      const at = this.#agenda.nextAt;
      if (at === undefined) throw new StepError("nothing runs, and nothing is decided");
      while (this.#agenda.nextAt === at) {
        const finished = this.#finish(this.#agenda.take() as StartEffect, at);
        await this.#answer(this.#tell(finished instanceof Promise ? await finished : finished), at);
      }
      await this.#decide(at);
    }
    await this.#sendReports();
    await this.#storeObjects();
    return this.#state;
  }

  get #isOver(): boolean {
    return this.#state.phase === "ended";
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
      if (effect.type === "start") this.#agenda.add(input.at + this.#durationOf(effect), effect);
      else if (effect.type === "remember") this.#remember(effect);
      else if (effect.type !== "end") question = effect;
    }
    return question;
  }

  /** Answers a question, and those that follow from the answer. */
  async #answer(first: Question | undefined, at: number): Promise<void> {
    for (let question = first; question !== undefined; ) {
      const input = this.#inputFor(question, at);
      question = this.#tell(input instanceof Promise ? await input : input);
    }
  }

  #inputFor(question: Question, at: number): BuildInput | Promise<BuildInput> {
    switch (question.type) {
      case "check":
        if (question.tasks.length === 0) return { type: "checked", at, found: [] };
        return this.#validate(question.tasks).then((found) => ({ type: "checked", at, found }));
      case "look-up": {
        const requests = question.requests.map((request) => ({ ...request, task: this.#task(request.task) }));
        const depids = this.#world.generator?.depids(requests) ?? [];
        return depids instanceof Promise
          ? depids.then((answered) => ({ type: "looked-up", at, depids: answered }))
          : { type: "looked-up", at, depids };
      }
      case "declare": {
        const rows = question.rows.map((row) => ({ ...row, task: this.#task(row.task) }));
        const depids =
          this.#world.equivalences?.declare(rows) ??
          question.rows.map(({ task }) => this.#state.generated.depid[task] as DepId);
        return depids instanceof Promise
          ? depids.then((answered) => ({ type: "declared", at, depids: answered }))
          : { type: "declared", at, depids };
      }
    }
  }

  #remember({ task, taskhash, depid }: BuildEffect & { readonly type: "remember" }): void {
    this.#world.cache?.store({ task: this.#task(task), taskhash, askable: true }, depid);
  }

  /** @returns at once unless there is a report to be answered first */
  #finish(started: StartEffect, at: number): BuildInput | Promise<BuildInput> {
    const { task, variant, dry, valid } = started;
    const hasFailed = !dry && (this.#world.fails?.(this.#task(task), variant) ?? false);
    const ok = !hasFailed && (variant === "real" || valid || dry);
    const input: BuildInput = { type: "finished", at, task, variant, ok };
    if (!ok || dry) return input;
    if (variant === "real") return this.#keepOutput(started, input);
    const content = this.#found.get(task);
    if (content !== undefined) this.#world.onRestored?.(this.#task(task), content);
    return input;
  }

  /** What an executed task made is reported and stored, if it is an sstate task; an adopted answer goes with the input. */
  #keepOutput(
    { task, hashes }: StartEffect,
    input: BuildInput & { readonly type: "finished" },
  ): BuildInput | Promise<BuildInput> {
    const content = this.#world.contentOf?.(this.#task(task));
    if (!this.#task(task).setscene) return input;
    const sent = hashes.depid;
    const report = this.#report(task, hashes, input.at);
    if (report?.adopted) {
      return this.#sendReports().then(() => {
        this.#store(task, report.answer, content, input.at);
        return report.answer === sent ? input : { ...input, depid: report.answer };
      });
    }
    this.#store(task, sent, content, input.at);
    return input;
  }

  #store(task: number, depid: DepId, content: string | undefined, at: number): void {
    if (this.#world.store === undefined) return;
    const object = this.#objectName(task, depid);
    const event: Pending<"stored"> = {
      type: "stored",
      at,
      tid: this.#tid(task),
      depid,
      object,
      how: "new",
    };
    this.#state.log.push(event);
    this.#objects.push({ event, content: content ?? depid });
  }

  #report(task: number, { taskhash, depid: sent }: TaskHashes, at: number): Pending<"reported"> | undefined {
    if (this.#world.reporter === undefined || !isReported(this.#state, task)) return undefined;
    const adopted = this.#world.answers === "adopt";
    const event: Pending<"reported"> = {
      type: "reported",
      at,
      tid: this.#tid(task),
      taskhash,
      sent,
      answer: sent,
      adopted,
    };
    this.#state.log.push(event);
    this.#reports.push({ event, task });
    return event;
  }

  async #sendReports(): Promise<void> {
    const reports = this.#reports;
    this.#reports = [];
    if (reports.length === 0 || this.#world.reporter === undefined) return;
    const answers = await this.#world.reporter.report(
      reports.map(({ task, event }) => ({ task: this.#task(task), taskhash: event.taskhash, depid: event.sent })),
    );
    if (answers.length !== reports.length) {
      throw new StepError(`reporter: expected ${reports.length} answers, got ${answers.length}`);
    }
    reports.forEach(({ event }, i) => {
      event.answer = answers[i] as DepId;
    });
  }

  async #storeObjects(): Promise<void> {
    const objects = this.#objects;
    this.#objects = [];
    if (objects.length === 0 || this.#world.store === undefined) return;
    const stored = await this.#world.store.put(objects.map(({ event, content }) => ({ name: event.object, content })));
    objects.forEach(({ event }, i) => {
      event.how = stored[i] ?? "new";
    });
  }

  async #validate(tasks: readonly number[]): Promise<readonly boolean[]> {
    await this.#storeObjects();
    const { validate, store } = this.#world;
    const { taskhash, depid } = this.#state;
    if (validate !== undefined) {
      return validate(
        tasks.map((task) => ({
          task: this.#task(task),
          taskhash: taskhash[task] as TaskHash,
          depid: depid[task] as DepId,
        })),
      );
    }
    if (store === undefined) return tasks.map(() => false);
    const names = tasks.map((task) => this.#objectName(task, depid[task] as DepId));
    if (this.#world.onRestored === undefined) return store.has(names);
    const objects = await store.find(names);
    return objects.map((object, i) => {
      if (object !== undefined) this.#found.set(tasks[i] as number, object.content);
      return object !== undefined;
    });
  }

  #objectName(task: number, depid: DepId): string {
    const { objectName } = this.#world;
    return objectName === undefined ? `${depid}_${this.#task(task).task}` : objectName(this.#task(task), depid);
  }

  #durationOf({ task, variant, dry }: StartEffect): number {
    return dry ? 0 : (this.#world.durationOf?.(this.#task(task), variant) ?? 1000);
  }

  #tid(task: number): Tid {
    return this.#state.plan.tids[task] as Tid;
  }

  #task(task: number): Task {
    return this.#state.plan.tasks[task] as Task;
  }
}

/** Sstate tasks are reported, unless the build has setscene tasks and this is none of them. */
function isReported({ plan }: BuildState, task: number): boolean {
  return plan.setsceneCount === 0 || plan.setscene[task] === 1;
}
