import type { BuildWorld } from "@depid/runqueue";
import type { Content } from "../truth/content.ts";
import type { Contents } from "../truth/truth.ts";

/** What a build directory holds of each task, by slot. */
export class HeldContents {
  readonly #contents: Contents;
  readonly #held: (Content | undefined)[];
  readonly #heldIn = (slot: number): Content | undefined => this.#held[slot];

  /** @param held what is held from the start. Default: nothing */
  constructor(contents: Contents, held?: readonly (Content | undefined)[]) {
    this.#contents = contents;
    this.#held = held?.slice() ?? new Array(contents.slots.size).fill(undefined);
  }

  copy(): HeldContents {
    return new HeldContents(this.#contents, this.#held);
  }

  /** Through which a simulated build fills the directory. */
  get ports(): Required<Pick<BuildWorld, "contentOf" | "onRestored">> {
    return {
      contentOf: (task) => this.make(this.#contents.slotOf(task.tid)),
      onRestored: (task, content) => this.restore(this.#contents.slotOf(task.tid), content),
    };
  }

  /** What is held of the task in a slot; where that is nothing, what a clean build has. */
  get(slot: number): Content {
    return this.#held[slot] ?? this.#contents.truthIn(slot);
  }

  /** Whether something else is held of it than a clean build has. */
  isStale(slot: number): boolean {
    const held = this.#held[slot];
    if (held === undefined) return false;
    const truth = this.#contents.truthIn(slot);
    return held !== truth && held.output !== truth.output;
  }

  /** The task in a slot ran: its output is made from what is held of its dependencies. @returns the text of it */
  make(slot: number): string {
    const content = this.#contents.contentIn(slot, this.#heldIn);
    this.#put(slot, content);
    return this.#contents.pool.format(content);
  }

  /** It was restored from an object. @param text what that holds */
  restore(slot: number, text: string): void {
    this.#put(slot, this.#contents.pool.parse(text));
  }

  #put(slot: number, content: Content): void {
    while (this.#held.length <= slot) this.#held.push(undefined);
    this.#held[slot] = content;
  }
}
