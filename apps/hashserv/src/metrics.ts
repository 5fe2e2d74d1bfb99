import type { HandledRequests, Observer, Server } from "@depid/hashserv";
import { Hono } from "hono";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Requests that look something up, and may find nothing. */
const LOOKUPS = new Set(["get", "get-outhash", "get-stream", "exists-stream"]);
/** Seconds: from a look-up in memory to a removal of all there is. */
const BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];

/** What a server is asked about itself when its metrics are. */
export type Watched = Pick<Server, "status" | "check" | "size">;

/** Numbers about a server for Prometheus. Labels are names of commands and files we know, never what clients choose. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #seconds = this.#histogram("request_seconds", "Time of requests; of lines of a stream, together", [
    "request",
  ]);
  readonly #requests = this.#counter("requests_total", "Requests handled, lines of streams each counted", ["request"]);
  readonly #lookups = this.#counter("lookups_total", "Look-ups, by whether there was an answer", ["request", "result"]);
  readonly #refused = this.#counter("refused_total", "Clients refused: nonsense, no permission, or a failure within");

  /** What the server tells. */
  readonly observer: Observer = {
    handled: (requests) => this.#handled(requests),
    refused: () => this.#refused.inc(),
  };

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Begins to ask a server how things are. */
  watch({ status, check, size }: Watched): void {
    this.#gauge("database_available", "1 while the database answers and takes reports, else 0", async (gauge) => {
      const answers = check().then(
        () => 1,
        () => 0,
      );
      gauge.set((await inTime(answers)) ?? 0);
    });
    this.#gauge("connections", "Clients connected", (gauge) => gauge.set(status().connections));
    if (status().upstreamAvailable !== undefined) {
      this.#gauge("upstream_available", "1 while the upstream is asked, 0 while it is left alone", (gauge) =>
        gauge.set(status().upstreamAvailable === true ? 1 : 0),
      );
    }
    if (status().pendingReports !== undefined) {
      this.#gauge("pending_reports", "Reports that are answered, and not in the database yet", (gauge) =>
        gauge.set(status().pendingReports ?? 0),
      );
    }
    this.#gauge(
      "database_bytes",
      DATABASE_BYTES,
      async (gauge) => {
        gauge.reset();
        for (const [file, bytes] of Object.entries((await inTime(size().catch(() => undefined))) ?? {})) {
          if (bytes !== undefined) gauge.set({ file }, bytes);
        }
      },
      ["file"],
    );
  }

  /** All numbers as Prometheus reads them. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #handled({ name, count, found, missed, seconds }: HandledRequests): void {
    this.#seconds.observe({ request: name }, seconds);
    this.#requests.inc({ request: name }, count);
    if (!LOOKUPS.has(name)) return;
    this.#lookups.inc({ request: name, result: "hit" }, found);
    this.#lookups.inc({ request: name, result: "miss" }, missed);
  }

  #counter(name: string, help: string, labelNames: readonly string[] = []) {
    return new Counter({ name: PREFIX + name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }

  #histogram(name: string, help: string, labelNames: readonly string[]) {
    const registers = [this.#registry];
    return new Histogram({ name: PREFIX + name, help, labelNames: [...labelNames], buckets: BUCKETS, registers });
  }

  #gauge(name: string, help: string, read: (gauge: Gauge) => void | Promise<void>, labelNames: readonly string[] = []) {
    const registers = [this.#registry];
    const gauge: Gauge = new Gauge({
      name: PREFIX + name,
      help,
      labelNames: [...labelNames],
      registers,
      collect: () => read(gauge),
    });
  }
}

const PREFIX = "depid_hashserv_";
const DATABASE_BYTES =
  "SQLite: size of the file (main) and of its write-ahead log (wal). PostgreSQL: of our tables with their indexes (main)";
/** Milliseconds the database has to answer. The other numbers are told all the same, above all when it hangs. */
const ANSWER_MS = 2_000;

/** `/metrics` and `/healthz`; the latter answers 503 when the database does not. */
export function createMetricsPages(metrics: Metrics, { check }: Watched): Hono {
  const app = new Hono();
  app.get("/metrics", async (context) =>
    context.text(await metrics.text(), 200, { "content-type": metrics.contentType }),
  );
  app.get("/healthz", async (context) => {
    try {
      await check();
      return context.json({ status: "ok" });
    } catch (error) {
      return context.json({ status: "failing", error: error instanceof Error ? error.message : String(error) }, 503);
    }
  });
  return app;
}

/** @returns undefined when the database does not say in time */
async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS, undefined);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
