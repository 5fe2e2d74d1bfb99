import type { DepId, Tid } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { BuildEffect } from "./effect.ts";
import { StepError } from "./errors.ts";
import type { BuildEvent } from "./event.ts";
import { type BuildState, hashesOfTask } from "./state/state.ts";
import type { BuildInput } from "./step.ts";
import { UNSEEN } from "./task-hashes.ts";
import { reveal } from "./unseen.ts";
import type { AskedObject, BuildWorld } from "./world.ts";

/** An event that is in the log already, in its place, while the answer it tells of is still to come. */
type Pending<T extends BuildEvent["type"]> = {
  -readonly [K in keyof Extract<BuildEvent, { type: T }>]: Extract<BuildEvent, { type: T }>[K];
};

type Started = BuildEffect & { readonly type: "start" };
type Stored = BuildEvent & { readonly type: "stored" };
type Finished = BuildInput & { readonly type: "finished" };

/** A task that has ended, while it is being worked out what came of it. */
export interface EndedTask {
  readonly started: Started;
  readonly input: Finished;
  /** Whether it was executed, and made something. */
  readonly hasOutput: boolean;
  /** What it made; `undefined` if the world does not say. */
  readonly content: string | undefined;
  readonly report: Pending<"reported"> | undefined;
}

/**
 * What tasks make in a world: outputs are reported, objects stored, asked for and restored. Reports and objects leave in
 * batches, objects not before one is asked for.
 */
export class Outputs {
  readonly #state: BuildState;
  readonly #world: BuildWorld;
  #reports: { readonly event: Pending<"reported">; readonly task: Task }[] = [];
  #objects: { readonly event: Pending<"stored">; readonly content: string }[] = [];
  /** Events of objects that hold something else than what was stored. */
  readonly #others = new Set<BuildEvent>();
  /** What the objects hold that were found when they were asked for. */
  readonly #found = new Map<number, string>();

  constructor(state: BuildState, world: BuildWorld) {
    this.#state = state;
    this.#world = world;
  }

  /** A task has ended: it made its output, or was restored, or failed. What it made is to be kept by `keep`. */
  end(started: Started, at: number): EndedTask {
    const { task, variant, dry, valid, hashes } = started;
    const row = this.#task(task);
    const hasFailed = !dry && (this.#world.fails?.(row, variant) ?? false);
    const ok = !hasFailed && (variant === "real" || valid || dry);
    const input: Finished = { type: "finished", at, task, variant, ok };
    const hasOutput = ok && !dry && variant === "real";
    if (ok && !dry && variant === "setscene") {
      const restored = this.#found.get(task);
      if (restored !== undefined) this.#world.onRestored?.(row, restored, hashes.depid);
    }
    const content = hasOutput ? this.#world.contentOf?.(row) : undefined;
    const report = hasOutput && started.reports ? this.#report(started, at) : undefined;
    return { started, input, hasOutput, content, report };
  }

  /** Stores what a task made, under the depid that it has been answered if that is adopted. @returns what the build is told */
  keep({ started, input, hasOutput, content, report }: EndedTask): Finished {
    if (!hasOutput) return input;
    const { depid: sent } = started.hashes;
    const depid = report?.adopted === true ? report.answer : sent;
    if (this.#task(started.task).setscene) this.#store(started.task, depid, content ?? depid, input.at);
    return depid === sent ? input : { ...input, depid };
  }

  /** Sends what was not sent yet to the server. The events in the log get its answers. */
  async sendReports(): Promise<void> {
    const reports = this.#reports;
    this.#reports = [];
    if (reports.length === 0 || this.#world.reporter === undefined) return;
    const answers = await this.#world.reporter.report(
      reports.map(({ task, event }) => ({ task, taskhash: event.taskhash, depid: event.sent })),
    );
    if (answers.length !== reports.length) {
      throw new StepError(`reporter: expected ${reports.length} answers, got ${answers.length}`);
    }
    reports.forEach(({ event }, i) => {
      event.answer = answers[i] as DepId;
    });
  }

  /** Stores what was not stored yet. */
  async storeObjects(): Promise<void> {
    const objects = this.#objects;
    const { store } = this.#world;
    this.#objects = [];
    if (objects.length === 0 || store === undefined) return;
    const stored = await store.put(objects.map(({ event, content }) => ({ name: event.object, content })));
    const kept = objects.filter(({ event }, i) => {
      event.how = stored[i] ?? "new";
      return event.how === "kept" && this.#world.firstStored === undefined;
    });
    if (kept.length === 0) return;
    const found = await store.find(kept.map(({ event }) => event.object));
    kept.forEach(({ event, content }, i) => {
      if (found[i]?.content !== content) this.#others.add(event);
    });
  }

  /** The build is over: what was only noticed later is put next to the event that tells of the object. */
  completeLog(): void {
    if (this.#others.size === 0) return;
    const { log } = this.#state;
    const events = log.flatMap((event) => (this.#others.has(event) ? [event, otherOutput(event as Stored)] : [event]));
    for (const [i, event] of events.entries()) log[i] = event;
  }

  /** For each setscene task whether there is an object for its present hash. */
  async findObjects(tasks: readonly number[]): Promise<readonly boolean[]> {
    if (tasks.length === 0) return [];
    await this.storeObjects();
    const { validate, store, onRestored } = this.#world;
    if (validate !== undefined) return validate(tasks.map((task) => this.#asked(task)));
    if (store === undefined) return tasks.map(() => false);
    // A hash that nobody ever had names no object.
    const { depid } = this.#state.hashes;
    const seen = tasks.filter((task) => depid[task] !== UNSEEN);
    const names = seen.map((task) => this.#objectName(this.#task(task), depid[task] as DepId));
    const contents = onRestored === undefined ? undefined : await store.find(names);
    const isThere = contents?.map((object) => object !== undefined) ?? (await store.has(names));
    contents?.forEach((object, i) => {
      if (object !== undefined) this.#found.set(seen[i] as number, object.content);
    });
    const found = new Set(seen.filter((_, i) => isThere[i]));
    return tasks.map((task) => found.has(task));
  }

  #report({ task, hashes }: Started, at: number): Pending<"reported"> | undefined {
    if (this.#world.reporter === undefined) return undefined;
    const { taskhash, depid: sent } = hashes;
    const adopted = this.#world.answers === "adopt";
    const tid = this.#tid(task);
    const event: Pending<"reported"> = { type: "reported", at, tid, taskhash, sent, answer: sent, adopted };
    this.#state.log.push(event);
    this.#reports.push({ event, task: this.#task(task) });
    return event;
  }

  #store(task: number, depid: DepId, content: string, at: number): void {
    if (this.#world.store === undefined) return;
    const object = this.#objectName(this.#task(task), depid);
    const event: Pending<"stored"> = { type: "stored", at, tid: this.#tid(task), depid, object, how: "new" };
    this.#state.log.push(event);
    this.#objects.push({ event, content });
    const { firstStored } = this.#world;
    const first = firstStored?.get(object);
    if (first === undefined) firstStored?.set(object, content);
    else if (first !== content) this.#state.log.push(otherOutput(event));
  }

  #asked(task: number): AskedObject {
    reveal(this.#state, task);
    return { task: this.#task(task), ...hashesOfTask(this.#state, task) };
  }

  #objectName(task: Task, depid: DepId): string {
    const { objectName } = this.#world;
    return objectName === undefined ? `${depid}_${task.task}` : objectName(task, depid);
  }

  #tid(task: number): Tid {
    return this.#state.plan.tids[task] as Tid;
  }

  #task(task: number): Task {
    return this.#state.plan.tasks[task] as Task;
  }
}

function otherOutput({ at, tid }: Stored): BuildEvent {
  return { type: "unsound", at, tid, why: "other-output" };
}
