import type { Tid } from "@depid/hash";
import type { BuildWorld } from "@depid/runqueue";
import type { Content } from "../truth/content.ts";
import type { Contents } from "../truth/truth.ts";

/** What a build directory holds of each task. */
export class HeldContents {
  readonly #contents: Contents;
  /** By slot. */
  readonly #held: (Content | undefined)[];
  readonly #heldIn = (slot: number): Content | undefined => this.#held[slot];

  constructor(contents: Contents, held: readonly (Content | undefined)[] = []) {
    this.#contents = contents;
    this.#held = [...held];
  }

  copy(): HeldContents {
    return new HeldContents(this.#contents, this.#held);
  }

  /** Through which a build fills the directory. */
  get ports(): Required<Pick<BuildWorld, "contentOf" | "onRestored">> {
    const { pool } = this.#contents;
    return {
      contentOf: (task) => pool.format(this.#make(this.#contents.slotOf(task.tid))),
      onRestored: (task, content) => {
        this.#held[this.#contents.slotOf(task.tid)] = pool.parse(content);
      },
    };
  }

  /** What is held of the task; where that is nothing, what a clean build has. */
  get(tid: Tid): Content {
    const slot = this.#contents.slotOf(tid);
    return this.#held[slot] ?? this.#contents.truthIn(slot);
  }

  /** Whether something else is held of the task than a clean build has. */
  isStale(tid: Tid): boolean {
    const truth = this.#contents.truthOf(tid);
    const held = this.get(tid);
    return held !== truth && held.output !== truth.output;
  }

  /** The task in a slot ran: its output is made from what is held of its dependencies. */
  #make(slot: number): Content {
    const content = this.#contents.contentIn(slot, this.#heldIn);
    this.#held[slot] = content;
    return content;
  }
}
