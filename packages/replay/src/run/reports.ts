import type { DepId, TaskHash } from "@depid/hash";
import type { BuildPlan, BuildWorld, EquivalenceDeclarer, OutputReport, TaskHashes } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import type { OutHashExtra } from "../outhash-extra.ts";
import type { Reporter } from "../policies/policy.ts";
import { asMade } from "../truth/content.ts";
import type { BuilderContents } from "../truth/truth.ts";
import type { HeldContents } from "./held-contents.ts";
import type { BuildServer, ServerAttempt } from "./told-server.ts";

/** What the tasks of one build tell of their outputs. */
export interface ReportingBuild {
  readonly server: BuildServer | ServerAttempt;
  readonly reporter: Reporter;
  readonly contents: Pick<BuilderContents, "namesItself" | "slotOf">;
  readonly held: HeldContents;
  readonly plan: Pick<BuildPlan, "indices">;
  /** What outhashes hold beside the output; `undefined`: nothing. */
  readonly extra: OutHashExtra | undefined;
  /** Depids that tasks have for who starts above them, by place in the plan, where that is not before they are answered. Default: those of the moment. */
  readonly answeredOf?: ((task: number) => DepId) | undefined;
}

/** The server as one build sees it. */
export class Reports {
  readonly #build: ReportingBuild;
  readonly #news = new Set<TaskHash>();
  /** What the outhashes of tasks hold beside their outputs, as they started. */
  readonly #extras = new Map<number, string>();
  #isAnyNews = false;

  constructor(build: ReportingBuild) {
    this.#build = build;
  }

  /** Taskhashes that the server knows by this build. */
  get news(): ReadonlySet<TaskHash> {
    return this.#news;
  }

  /** Whether any report was answered with another depid than it had. */
  get isAnyNews(): boolean {
    return this.#isAnyNews;
  }

  /** A task starts that will make something. @param depIdOf depids of all tasks as they are now, by place in the plan */
  start(task: number, depIdOf: (task: number) => DepId): void {
    const { extra, answeredOf = depIdOf } = this.#build;
    const lines = extra?.of(task, answeredOf) ?? "";
    if (lines !== "") this.#extras.set(task, lines);
  }

  /** A task has made its output. @returns the answer */
  report(task: number, row: Task, { taskhash, depid }: TaskHashes): DepId {
    const { contents, reporter, held } = this.#build;
    if (reporter.tells?.(row) === false) return depid;
    const context = { extra: this.#extras.get(task) ?? "", ...(contents.namesItself(row) ? { names: depid } : {}) };
    const outhash = reporter.outHashOf(row, asMade(held.get(contents.slotOf(row.tid))), context);
    const answer = this.#tell({ taskhash, depid, outhash });
    if (answer !== depid) this.#isAnyNews = true;
    return answer;
  }

  /** The same for a simulated build. */
  get ports(): Pick<BuildWorld, "reporter" | "onStart"> {
    const placeOf = ({ tid }: Task): number => this.#build.plan.indices.get(tid) as number;
    return {
      onStart: (task, depIdOf) => this.start(task, depIdOf),
      reporter: { report: (reports) => reports.map((it) => this.report(placeOf(it.task), it.task, it)) },
    };
  }

  get equivalences(): EquivalenceDeclarer {
    const declare = ({ taskhash, depid }: OutputReport) => this.#tell({ taskhash, depid });
    return { declare: (rows) => rows.map(declare) };
  }

  #tell(what: Parameters<BuildServer["tell"]>[0]): DepId {
    const { server } = this.#build;
    if (server.knowledge.depIdOf(what.taskhash) === undefined) this.#news.add(what.taskhash);
    return server.tell(what);
  }
}
