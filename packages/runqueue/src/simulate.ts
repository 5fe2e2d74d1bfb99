import type { DepId, TaskHash } from "@depid/hash";
import type { SstateStore, StampVariant } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import type { BuilderState } from "./builder.ts";
import { Agenda } from "./clock.ts";
import type { BuildEvent } from "./event.ts";
import type { BuildPlan } from "./plan.ts";
import { leaveBuilder } from "./stamps.ts";
import { type BuildRules, type BuildState, createState, tidOf } from "./state.ts";
import { type BuildEffect, type BuildInput, step } from "./step.ts";
import { type BuildSummary, summarizeBuild } from "./summary.ts";

/** What an sstate task reports when it has made its output. */
export interface OutputReport {
  readonly task: Task;
  readonly taskhash: TaskHash;
  /** The depid it has been known by so far. */
  readonly depid: DepId;
}

/** Where outputs are reported: the hash equivalence server, with what the outcome model says about the output. */
export interface OutputReporter {
  /** The depids answered, in the order of the reports, which is the order in which tasks finished. */
  report(reports: readonly OutputReport[]): readonly DepId[] | Promise<readonly DepId[]>;
}

/** A setscene task whose object is asked for. */
export interface AskedObject {
  readonly task: Task;
  readonly taskhash: TaskHash;
  readonly depid: DepId;
}

/** The hash validation function (BB_HASHCHECK_FUNCTION): for each task in the order asked, whether there is an object. */
export type ValidateObjects = (asked: readonly AskedObject[]) => readonly boolean[] | Promise<readonly boolean[]>;

/** The world around a build. */
export interface BuildWorld extends BuildRules {
  /** The sstate cache. Without one nothing is stored, and nothing restored unless `validate` says so. */
  readonly store?: SstateStore;
  /** Name of a task's object in the store. */
  readonly objectName?: (task: Task, depid: DepId) => string;
  /**
   * What a task that was executed made, for its object. Asked once per task, setscene or not, when it finishes. Default:
   * its depid.
   */
  readonly contentOf?: (task: Task) => string;
  /** Told when a task was restored: what its object holds. */
  readonly onRestored?: (task: Task, content: string) => void;
  /** Default: whether the store has an object of the task's name. */
  readonly validate?: ValidateObjects;
  /** Without one nothing is reported, as with Basic and BasicHash. */
  readonly reporter?: OutputReporter;
  /**
   * What is done with the answers. `log` (the RFC of 2018): nothing, objects and stamps bear the depid used at the start,
   * and all reports go out as one batch when the build ends. `adopt` (BitBake): each report goes out when its task
   * finishes, its object and stamp bear the answer. Default: log.
   */
  readonly answers?: "log" | "adopt";
  /** Milliseconds that a task takes, not negative. Default: 1000. */
  readonly durationOf?: (task: Task, variant: StampVariant) => number;
  /** Whether a task that runs fails. Default: none does. */
  readonly fails?: (task: Task, variant: StampVariant) => boolean;
}

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
  return { builder: leaveBuilder(state), events: state.log, summary: summarizeBuild(plan, state.log), state };
}

/** A report or object under way: its event is in the log already, in its place, and gets the answer when there is one. */
interface Promised<T extends BuildEvent["type"]> {
  readonly task: number;
  readonly content: string | undefined;
  readonly event: { -readonly [K in keyof Extract<BuildEvent, { type: T }>]: Extract<BuildEvent, { type: T }>[K] };
}

class Driver {
  readonly #state: BuildState;
  readonly #world: BuildWorld;
  readonly #agenda = new Agenda<BuildEffect & { readonly type: "start" }>();
  #reports: Promised<"reported">[] = [];
  #objects: Promised<"stored">[] = [];

  constructor(state: BuildState, world: BuildWorld) {
    this.#state = state;
    this.#world = world;
  }

  async run(): Promise<BuildState> {
    const state = this.#state;
    await this.#tell({ type: "begin", at: 0 });
    await this.#decide(0);
    while (state.phase !== "ended") {
      const at = this.#agenda.nextAt ?? state.now;
      while (this.#agenda.nextAt === at) await this.#finish(this.#agenda.take() as never, at);
      await this.#decide(at);
    }
    await this.#sendReports();
    await this.#storeObjects();
    return state;
  }

  /** Lets the build decide until it waits for a task. */
  async #decide(at: number): Promise<void> {
    while (await this.#tell({ type: "decide", at }));
  }

  /** @returns whether a check was answered, so that there is more to decide */
  async #tell(input: BuildInput): Promise<boolean> {
    let hasChecked = false;
    for (const effect of step(this.#state, input)) {
      if (effect.type === "start") this.#agenda.add(input.at + this.#durationOf(effect), effect);
      if (effect.type !== "check") continue;
      const found = effect.tasks.length === 0 ? [] : await this.#validate(effect.tasks);
      step(this.#state, { type: "checked", at: input.at, found });
      hasChecked = true;
    }
    return hasChecked;
  }

  async #finish({ task, variant, dry, valid }: BuildEffect & { readonly type: "start" }, at: number): Promise<void> {
    const hasFailed = !dry && (this.#world.fails?.(this.#task(task), variant) ?? false);
    const ok = !hasFailed && (variant === "real" || valid || dry);
    this.#state.now = at;
    const depid = ok && !dry ? await this.#complete(task, variant) : undefined;
    const input: BuildInput = { type: "finished", at, task, variant, ok };
    await this.#tell(depid === undefined ? input : { ...input, depid });
  }

  /** A task is about to be done: its output is made or restored. @returns its new depid, if it has one */
  async #complete(task: number, variant: StampVariant): Promise<DepId | undefined> {
    if (variant === "real") {
      const content = this.#world.contentOf?.(this.#task(task));
      return this.#task(task).setscene ? this.#keepOutput(task, content) : undefined;
    }
    const { onRestored, store } = this.#world;
    if (onRestored === undefined || store === undefined) return undefined;
    const [object] = await store.find([this.#objectName(task, this.#state.depid[task] as DepId)]);
    if (object !== undefined) onRestored(this.#task(task), object.content);
    return undefined;
  }

  /** Reports and stores what an sstate task made. @returns the answer, if it is adopted and another one */
  async #keepOutput(task: number, content: string | undefined): Promise<DepId | undefined> {
    const sent = this.#state.depid[task] as DepId;
    const answer = await this.#report(task, sent);
    if (this.#world.store !== undefined) {
      const object = this.#objectName(task, answer);
      const event = {
        type: "stored",
        at: this.#state.now,
        tid: tidOf(this.#state, task),
        depid: answer,
        object,
      } as const;
      this.#objects.push({ task, content, event: logged(this.#state, { ...event, how: "new" as const }) });
    }
    return answer === sent ? undefined : answer;
  }

  async #report(task: number, sent: DepId): Promise<DepId> {
    if (this.#world.reporter === undefined || !isReported(this.#state, task)) return sent;
    const adopted = this.#world.answers === "adopt";
    const taskhash = this.#state.taskhash[task] as TaskHash;
    const event = { type: "reported", at: this.#state.now, tid: tidOf(this.#state, task), taskhash, sent } as const;
    const promised = { task, content: undefined, event: logged(this.#state, { ...event, answer: sent, adopted }) };
    this.#reports.push(promised);
    if (!adopted) return sent;
    await this.#sendReports();
    return promised.event.answer;
  }

  async #sendReports(): Promise<void> {
    const promised = this.#reports;
    this.#reports = [];
    if (promised.length === 0 || this.#world.reporter === undefined) return;
    const answers = await this.#world.reporter.report(
      promised.map(({ task, event }) => ({ task: this.#task(task), taskhash: event.taskhash, depid: event.sent })),
    );
    promised.forEach(({ event }, i) => {
      event.answer = answers[i] ?? event.sent;
    });
  }

  async #storeObjects(): Promise<void> {
    const promised = this.#objects;
    this.#objects = [];
    if (promised.length === 0 || this.#world.store === undefined) return;
    const stored = await this.#world.store.put(
      promised.map(({ content, event }) => ({ name: event.object, content: content ?? event.depid })),
    );
    promised.forEach(({ event }, i) => {
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
    return store.has(tasks.map((task) => this.#objectName(task, depid[task] as DepId)));
  }

  #objectName(task: number, depid: DepId): string {
    const { objectName } = this.#world;
    return objectName === undefined ? `${depid}_${this.#task(task).task}` : objectName(this.#task(task), depid);
  }

  #durationOf({ task, variant, dry }: BuildEffect & { readonly type: "start" }): number {
    return dry ? 0 : (this.#world.durationOf?.(this.#task(task), variant) ?? 1000);
  }

  #task(task: number): Task {
    return this.#state.plan.tasks[task] as Task;
  }
}

/** Sstate tasks are reported, unless the build has setscene tasks and this is none of them. */
function isReported({ plan }: BuildState, task: number): boolean {
  return plan.setsceneCount === 0 || plan.setscene[task] === 1;
}

function logged<T extends BuildEvent>(state: BuildState, event: T): T {
  state.log.push(event);
  return event;
}
