import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Storage } from "../../storage/storage.ts";
import { OnPurpose } from "./on-purpose.ts";
import type { Process, World } from "./world.ts";

/** A server, or several, over one database, as the operating system sees them: they have files, and end together. */
export class ServerProcess implements Process {
  readonly folder: string;
  /** Resolves when it was killed. */
  readonly killed: Promise<void>;
  /** Another thread's next step, where it has one that may be taken at any time. */
  elsewhere: (() => void) | undefined;
  /** What the servers wrote of trouble that they had. */
  readonly warnings: string[] = [];
  /** A line is being added to the journal, for which nobody was answered yet. */
  isAppending = false;
  isClosing = false;
  wasKilled = false;
  readonly #world: World;
  readonly #image: string;
  readonly #tellKilled: () => void;
  #interludesLeft: number;
  #open: Promise<readonly Storage[]> | undefined;

  /**
   * @param folder with the database; what a kill leaves of it is in a folder beside it
   * @param interludes after which it is killed
   */
  constructor(world: World, folder: string, interludes = Number.POSITIVE_INFINITY) {
    this.#world = world;
    this.folder = folder;
    this.#image = `${folder}'`;
    this.#interludesLeft = interludes;
    let tell = () => {};
    this.killed = new Promise((resolve) => {
      tell = resolve;
    });
    this.#tellKilled = tell;
  }

  get path(): string {
    return join(this.folder, "h.db");
  }

  /** The folder that a process that follows this one finds. */
  get left(): string {
    return this.wasKilled ? this.#image : this.folder;
  }

  get isAlive(): boolean {
    return this.#world.process === this;
  }

  /** @param open opens the storages of its servers */
  start(open: (process: ServerProcess) => Promise<readonly Storage[]>): Promise<readonly Storage[]> {
    this.#world.begin(this);
    this.#open = open(this);
    return this.#open;
  }

  /** As at SIGTERM: what has arrived is answered. What could not be written is left to who comes next. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const storage of (await this.#open) ?? []) {
      await storage.close().catch((error) => {
        if (!(error instanceof OnPurpose)) throw error;
      });
    }
    this.#world.end();
  }

  /** Of one that was killed: lets go of its files, in real time. */
  async letGo(): Promise<void> {
    const storages = await this.#open?.catch(() => []);
    for (const storage of storages ?? []) await storage.close().catch(() => {});
  }

  /** It is not killed any more. */
  spare(): void {
    this.#interludesLeft = Number.POSITIVE_INFINITY;
  }

  interlude(): void {
    if (this.elsewhere !== undefined && this.#world.happens(10)) this.elsewhere();
    if (--this.#interludesLeft === 0) this.#kill();
  }

  /** As with `kill -9`: what the files hold at this moment stays, and no more than a part of a line being written. */
  #kill(): void {
    mkdirSync(this.#image);
    // The index of the write-ahead log is memory that the connections share.
    const kept = readdirSync(this.folder).filter((name) => !name.endsWith("-shm"));
    for (const name of kept) copyFileSync(join(this.folder, name), join(this.#image, name));
    if (this.isAppending && this.#world.happens(50)) this.#tear();
    this.#world.end();
    this.wasKilled = true;
    this.#tellKilled();
  }

  #tear(): void {
    const segments = readdirSync(this.#image).flatMap((name) => /-reports\.(\d+)$/.exec(name)?.[1] ?? []);
    const last = join(this.#image, `h.db-reports.${Math.max(...segments.map(Number))}`);
    const line = readFileSync(last, "utf8").trimEnd().split("\n").at(-1) ?? "";
    truncateSync(last, statSync(last).size - 1 - Math.floor((line.length * this.#world.draw()) / 100));
  }
}
