import { ReportJournal } from "../../storage/sqlite/journal.ts";
import type { Durability } from "../../storage/storage.ts";
import { OnPurpose } from "./on-purpose.ts";
import type { ServerProcess } from "./process.ts";
import type { World } from "./world.ts";

/** A journal whose disk is full now and then, and in whose midst the process may be killed. */
export class FailingJournal extends ReportJournal {
  readonly #world: World;
  readonly #process: ServerProcess;

  constructor(world: World, process: ServerProcess, durability: Durability) {
    super(process.path, durability);
    this.#world = world;
    this.#process = process;
  }

  override append(text: string): void {
    this.#world.interlude();
    if (this.#process.isAlive && this.#world.happens(3)) throw new OnPurpose("the disk is full", { mayBeKept: false });
    super.append(text);
    this.#process.isAppending = true;
    this.#world.interlude();
    this.#process.isAppending = false;
  }
}
