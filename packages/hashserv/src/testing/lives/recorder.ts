import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { createClock } from "../../clock.ts";
import { openConnection, type SqliteConnectionOptions, waitForNobody } from "../../storage/sqlite/connection.ts";
import { writeJournalled } from "../../storage/sqlite/journalled-report.ts";
import { SqliteTransaction } from "../../storage/sqlite/transaction.ts";
import { OnPurpose } from "./on-purpose.ts";
import type { ServerProcess } from "./process.ts";
import type { World } from "./world.ts";

/**
 * Puts reports into the tables as the writer's thread does, on a connection of its own, in steps that the world orders: it
 * begins, commits, and answers. It commits in the midst of what others do, too. Now and then it fails, before its commit or
 * behind it.
 */
export class ScheduledRecorder {
  readonly #world: World;
  readonly #process: ServerProcess;
  readonly #options: SqliteConnectionOptions;
  #db: DatabaseSyncInstance | undefined;

  constructor(world: World, process: ServerProcess, options: SqliteConnectionOptions) {
    this.#world = world;
    this.#process = process;
    this.#options = options;
  }

  async ask(texts: readonly string[]): Promise<void> {
    await this.#world.wait("the writer is told");
    if (this.#db === undefined) {
      this.#db = openConnection(this.#options);
      waitForNobody(this.#db);
    }
    const db = this.#db;
    await this.#begin(db);
    await writeJournalled(new SqliteTransaction(db, createClock()), texts);
    const fails = this.#world.happens(5);
    const end = () => {
      if (db.isTransaction) db.exec(fails ? "ROLLBACK" : "COMMIT");
    };
    this.#process.elsewhere = end;
    await this.#world.wait("the writer commits");
    this.#process.elsewhere = undefined;
    end();
    await this.#world.wait("the writer answers");
    if (fails || this.#world.happens(3)) throw new OnPurpose("the writer fails");
  }

  async close(): Promise<void> {
    this.#db?.close();
  }

  async #begin(db: DatabaseSyncInstance): Promise<void> {
    for (;;) {
      try {
        db.exec("BEGIN IMMEDIATE");
        return;
      } catch (error) {
        if (!String(error).includes("database is locked")) throw error;
      }
      await this.#world.wait("the writer finds the file locked");
    }
  }
}
