import { type DepId, parseDepId, parseOutHash, type TaskHash } from "@depid/hash";
import { createMemoryStorage, reportEquivalence, reportOutHash, type Storage } from "@depid/hashserv";
import { outHashBasic } from "@depid/sstate";

/** Name space of taskhashes on the server. */
export const METHOD: string = outHashBasic.name;

/** What is told to the server of a task: with an output hash it was built, without one it is only declared. */
export interface ScenarioReport {
  readonly taskhash: TaskHash;
  readonly outhash: string | undefined;
  readonly depid: DepId;
}

/** The hash equivalence server of a scenario: that of the packages, in memory. */
export class ScenarioServer {
  #storage: Storage = createMemoryStorage();
  #reports: ScenarioReport[] = [];
  #rows = new Map<TaskHash, DepId>();

  /** Each taskhash with its depid, as `<taskhash> <depid>`. */
  get rows(): readonly string[] {
    return [...this.#rows].map((row) => row.join(" "));
  }

  /** @returns the depid which now applies */
  async report(report: ScenarioReport): Promise<DepId> {
    const { taskhash, outhash, depid } = report;
    const row = { method: METHOD, taskhash, depid };
    const answer = parseDepId(
      outhash === undefined
        ? await reportEquivalence(this.#storage, row)
        : await reportOutHash(this.#storage, { ...row, outhash: parseOutHash(outhash) }),
    );
    this.#reports.push(report);
    this.#rows.set(taskhash, answer);
    return answer;
  }

  findDepId(taskhash: TaskHash): DepId | undefined {
    return this.#rows.get(taskhash);
  }

  /** Forgets everything. */
  wipe(): void {
    this.#storage = createMemoryStorage();
    this.#reports = [];
    this.#rows = new Map();
  }

  /** Another server which was told the same. */
  async copy(): Promise<ScenarioServer> {
    const other = new ScenarioServer();
    for (const report of this.#reports) await other.report(report);
    return other;
  }
}
