import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";

/** Pages of 4 KiB in the write-ahead log at which they are moved to the file, and at which writing waits for that. */
const MANY = 4_000;
const TOO_MANY = 16_000;

/**
 * Moves pages from the write-ahead log to the file, which is when the disk is waited for, in a thread of its own: nobody
 * who asks or reports is held up by it. The thread begins when there is something to do.
 */
export class SqliteCheckpointer {
  readonly #path: string;
  readonly #synchronous: string;
  readonly #length;
  #worker: Worker | undefined;
  #busy: Promise<void> | undefined;

  constructor(db: DatabaseSyncInstance, path: string, synchronous: string) {
    this.#path = path;
    this.#synchronous = synchronous;
    this.#length = db.prepare("PRAGMA wal_checkpoint(NOOP)");
    this.#length.setReturnArrays(true);
  }

  /** To be called after each commit. @returns what to wait for before more is written, if the log has become too long */
  committed(): Promise<void> | undefined {
    const [, all, moved] = this.#length.get() as unknown as [busy: number, all: number, moved: number];
    if (all - moved < MANY) return undefined;
    this.#busy ??= this.#checkpoint().finally(() => {
      this.#busy = undefined;
    });
    // What is written meanwhile is not moved; only while nobody writes the log is emptied.
    return all < TOO_MANY ? undefined : this.#busy.then(() => this.#checkpoint());
  }

  async close(): Promise<void> {
    await this.#busy;
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.ref();
    worker.postMessage("close");
    await ended;
  }

  async #checkpoint(): Promise<void> {
    const worker = this.#worker ?? this.#start();
    this.#worker = worker;
    // The process must not end while somebody waits for the thread.
    worker.ref();
    worker.postMessage("checkpoint");
    await new Promise<void>((resolve) => {
      const done = () => {
        worker.off("message", done).off("exit", done);
        worker.unref();
        resolve();
      };
      worker.on("message", done).on("exit", done);
    });
  }

  #start(): Worker {
    // The driver is found from here; the thread's code, as text, is from nowhere.
    const driver = createRequire(import.meta.url).resolve("@photostructure/sqlite");
    const workerData = { driver, path: this.#path, synchronous: this.#synchronous };
    const worker = new Worker(THREAD, { eval: true, workerData, execArgv: [] });
    worker.unref();
    // If it cannot work, SQLite moves the pages itself when there are some more.
    worker.on("error", () => {});
    worker.on("exit", () => {
      this.#worker = undefined;
    });
    return worker;
  }
}

/** Text rather than a file: our sources are TypeScript, which a thread of Node 20 does not read. */
const THREAD = `
const { parentPort, workerData } = require("node:worker_threads");
const { DatabaseSync } = require(workerData.driver);
const db = new DatabaseSync(workerData.path, { timeout: 5000 });
db.exec("PRAGMA synchronous = " + workerData.synchronous);
const checkpoint = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
parentPort.on("message", (what) => {
  if (what === "close") {
    db.close();
    parentPort.close();
    return;
  }
  checkpoint.get();
  parentPort.postMessage("done");
});`;
