import type { SampleRow } from "@depid/replay";
import type PgBoss from "pg-boss";
import type { PackedError } from "../../jobs/job-error.ts";
import { QueueError } from "./errors.ts";
import type { InputStore } from "./input-store.ts";
import type { PlacedUnit, QueuedJob } from "./queued-job.ts";

const QUEUE = "depid-sweep";
/** How often a job may be given back or lost with its worker before it is given up. */
const RETRIES = 10;
/** Hours after which a job counts as lost, whatever its worker says. */
const LONGEST = 12;

/** What became of a sample. */
export type QueuedResult = { readonly row: SampleRow } | { readonly problem: PackedError };

/** Samples that a worker has taken. */
export interface TakenJob {
  readonly id: string;
  readonly job: QueuedJob;
}

const TABLES = `
  CREATE SCHEMA IF NOT EXISTS depid;
  CREATE TABLE IF NOT EXISTS depid.files (sha256 text PRIMARY KEY, bytes bytea NOT NULL);
  CREATE TABLE IF NOT EXISTS depid.results (sweep text, place int, result jsonb NOT NULL, PRIMARY KEY (sweep, place));
  CREATE TABLE IF NOT EXISTS depid.claims (job uuid PRIMARY KEY, seen timestamptz NOT NULL);
`;

/**
 * Samples of sweeps in a database of PostgreSQL, one or several in a job: pg-boss hands jobs out, each to one worker, and again when that is lost. Beside its tables
 * are ours: files by digest, results, and when each job's worker was last seen, as pg-boss 10 knows no more of that than a time limit.
 */
export class SweepQueue {
  readonly #boss: PgBoss;
  readonly #lostAfter: number;
  /** Jobs that this process has taken and not finished. */
  readonly #held = new Set<string>();

  private constructor(boss: PgBoss, lostAfter: number) {
    this.#boss = boss;
    this.#lostAfter = lostAfter;
  }

  /**
   * @param url `postgres://…`, whose user may create schemas
   * @param lostAfter seconds without a sign of life after which a worker is lost
   * @param onTrouble hears of what goes wrong meanwhile, and may pass
   * @throws {QueueError} when the database cannot be used
   */
  static async open(url: string, lostAfter: number, onTrouble: (reason: string) => void): Promise<SweepQueue> {
    const { default: Boss } = await import("pg-boss");
    // A connection each: they are what a database has least of.
    const boss = new Boss({ connectionString: url, max: 1, schedule: false, application_name: "depid" });
    boss.on("error", (error) => onTrouble(error.message));
    const queue = new SweepQueue(boss, lostAfter);
    try {
      await boss.start();
      // Of several that begin at once one makes the tables.
      await queue.#sql(`BEGIN; SELECT pg_advisory_xact_lock(1); ${TABLES} COMMIT;`);
      await boss.createQueue(QUEUE, { name: QUEUE, retryLimit: RETRIES, expireInHours: LONGEST });
      return queue;
    } catch (cause) {
      await boss.stop({ graceful: false }).catch(() => {});
      throw new QueueError(`--queue: cannot be used: ${cause instanceof Error ? cause.message || cause.name : cause}`, {
        cause,
      });
    }
  }

  /** Files by digest, in the same database. */
  get store(): InputStore {
    return {
      has: async (sha256) => (await this.#sql("SELECT 1 FROM depid.files WHERE sha256 = $1", [sha256])).length > 0,
      put: async (sha256, bytes) => {
        await this.#sql("INSERT INTO depid.files VALUES ($1, $2) ON CONFLICT DO NOTHING", [sha256, bytes]);
      },
      get: async (sha256) => {
        const [found] = await this.#sql<{ bytes: Uint8Array }>("SELECT bytes FROM depid.files WHERE sha256 = $1", [
          sha256,
        ]);
        if (found === undefined) {
          throw new QueueError(
            `the queue has no file ${sha256}: was the sweep begun with --store? Then workers need it, too`,
          );
        }
        return found.bytes;
      },
    };
  }

  /**
   * Puts samples into the queue that are neither there nor measured.
   *
   * @param most of how many samples a job is at most
   */
  async send({ units, ...common }: QueuedJob, most: number): Promise<void> {
    const { sweep } = common;
    const known = await this.#sql<{ place: number }>(
      `SELECT place FROM depid.results WHERE sweep = $1 UNION
       SELECT (u->>'place')::int FROM pgboss.job, jsonb_array_elements(data->'units') u
       WHERE name = $2 AND state < 'completed' AND data->>'sweep' = $1`,
      [sweep, QUEUE],
    );
    const places = new Set(known.map((it) => it.place));
    const left = units.filter((it) => !places.has(it.place));
    const jobs: { readonly name: string; readonly data: QueuedJob }[] = [];
    for (let from = 0; from < left.length; from += most)
      jobs.push({ name: QUEUE, data: { ...common, units: left.slice(from, from + most) } });
    if (jobs.length > 0) await this.#boss.insert(jobs);
  }

  /** What became of the samples of a sweep from a number of results on. */
  async results(sweep: string, known: ReadonlySet<number>): Promise<ReadonlyMap<number, QueuedResult>> {
    const rows = await this.#sql<{ place: number; result: QueuedResult }>(
      "SELECT place, result FROM depid.results WHERE sweep = $1 AND NOT place = ANY($2::int[])",
      [sweep, [...known]],
    );
    return new Map(rows.map(({ place, result }) => [place, result]));
  }

  /** Forgets a sweep: its results, and what no worker has taken yet. */
  async forget(sweep: string): Promise<void> {
    await this.#sql("DELETE FROM pgboss.job WHERE name = $2 AND state < 'active' AND data->>'sweep' = $1", [
      sweep,
      QUEUE,
    ]);
    await this.#sql("DELETE FROM depid.results WHERE sweep = $1", [sweep]);
  }

  /** Forgets what samples of a sweep failed with when it was asked for before: that may have been mended. */
  async forgetProblems(sweep: string): Promise<void> {
    await this.#sql("DELETE FROM depid.results WHERE sweep = $1 AND result ? 'problem'", [sweep]);
  }

  /** Of a sweep, how many samples were given up as they were lost again and again. */
  async countGivenUp(sweep: string): Promise<number> {
    const sql = `SELECT count(*)::int AS count FROM pgboss.job, jsonb_array_elements(data->'units') u
      WHERE name = $1 AND state = 'failed' AND data->>'sweep' = $2
      AND NOT EXISTS (SELECT 1 FROM depid.results r WHERE r.sweep = $2 AND r.place = (u->>'place')::int)`;
    return (await this.#sql<{ count: number }>(sql, [QUEUE, sweep]))[0]?.count ?? 0;
  }

  /** Takes jobs that are due, at most so many. */
  async take(most: number): Promise<readonly TakenJob[]> {
    const jobs = (await this.#boss.fetch<QueuedJob>(QUEUE, { batchSize: most })) ?? [];
    for (const { id } of jobs) this.#held.add(id);
    if (jobs.length > 0) await this.tellAlive();
    return jobs.map(({ id, data }) => ({ id, job: data }));
  }

  /** Whether anything is in the queue, or with a worker. */
  async isIdle(): Promise<boolean> {
    const sql = "SELECT 1 FROM pgboss.job WHERE name = $1 AND state < 'completed' LIMIT 1";
    return (await this.#sql(sql, [QUEUE])).length === 0;
  }

  /** Those samples of a job that are not measured yet, say by a worker that was thought lost. */
  async unmeasured({ sweep, units }: QueuedJob): Promise<readonly PlacedUnit[]> {
    const sql = "SELECT place FROM depid.results WHERE sweep = $1 AND place = ANY($2::int[])";
    const rows = await this.#sql<{ place: number }>(sql, [sweep, units.map((it) => it.place)]);
    const known = new Set(rows.map((it) => it.place));
    return units.filter((it) => !known.has(it.place));
  }

  /** A job is done. Who measures a sample a second time measures the same. @param results by place */
  async finish({ id, job: { sweep } }: TakenJob, results: ReadonlyMap<number, QueuedResult>): Promise<void> {
    if (results.size > 0) {
      await this.#sql(
        "INSERT INTO depid.results SELECT $1, unnest($2::int[]), unnest($3::jsonb[]) ON CONFLICT DO NOTHING",
        [sweep, [...results.keys()], [...results.values()].map((it) => JSON.stringify(it))],
      );
    }
    this.#held.delete(id);
    await this.#boss.complete(QUEUE, id);
    await this.#sql("DELETE FROM depid.claims WHERE job = $1", [id]);
  }

  /** Says that the jobs which this process has taken are at work. To be called several times within the seconds after which it would be lost. */
  async tellAlive(): Promise<void> {
    if (this.#held.size === 0) return;
    const sql =
      "INSERT INTO depid.claims SELECT unnest($1::uuid[]), now() ON CONFLICT (job) DO UPDATE SET seen = now()";
    await this.#sql(sql, [[...this.#held]]);
  }

  /** Gives jobs back to the queue whose workers are lost. @returns how many */
  async takeBackLost(): Promise<number> {
    const lost = await this.#sql<{ id: string }>(
      `SELECT j.id FROM pgboss.job j LEFT JOIN depid.claims c ON c.job = j.id
       WHERE j.name = $1 AND j.state = 'active' AND greatest(c.seen, j.started_on) < now() - make_interval(secs => $2)`,
      [QUEUE, this.#lostAfter],
    );
    await this.#giveBack(
      lost.map((it) => it.id),
      "its worker was lost",
    );
    return lost.length;
  }

  /** Gives back what this process holds, and leaves. */
  async close(): Promise<void> {
    await this.#giveBack([...this.#held], "its worker was ended").catch(() => {}); // else they are lost, which others find out
    await this.#boss.stop({ graceful: false, wait: true });
  }

  async #giveBack(ids: readonly string[], reason: string): Promise<void> {
    if (ids.length > 0) await this.#boss.fail(QUEUE, [...ids], { reason } as never);
  }

  async #sql<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#boss.getDb().executeSql(text, [...values]);
    return rows;
  }
}
