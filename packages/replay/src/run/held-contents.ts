import type { BuildWorld } from "@depid/runqueue";
import { SlotTable } from "../slot-table.ts";
import type { Content } from "../truth/content.ts";
import type { BuilderContents } from "../truth/truth.ts";
import type { StepInputs } from "./run-options.ts";

/** What a build directory holds of each task, by slot. */
export class HeldContents {
  readonly #contents: BuilderContents;
  readonly #held: SlotTable<Content>;
  readonly #heldIn = (slot: number): Content | undefined => this.#held.get(slot);

  /** @param held what is held from the start. Default: nothing */
  constructor(contents: BuilderContents, held = new SlotTable<Content>(contents.slots.size)) {
    this.#contents = contents;
    this.#held = held;
  }

  copy(): HeldContents {
    return new HeldContents(this.#contents, this.#held.copy());
  }

  /** Through which a simulated build fills the directory. @param runs what comes of the runs of this build */
  ports(runs: StepInputs["runs"]): Required<Pick<BuildWorld, "contentOf" | "onRestored">> {
    return {
      contentOf: (task) => this.#contents.pool.format(this.make(this.#contents.slotOf(task.tid), runs)),
      onRestored: (task, content) => this.restore(this.#contents.slotOf(task.tid), this.#contents.pool.parse(content)),
    };
  }

  /** What is held of the task in a slot; where that is nothing, what a clean build has. */
  get(slot: number): Content {
    return this.#held.get(slot) ?? this.#contents.truthIn(slot);
  }

  /** Whether something else is held of it than a clean build has. */
  isStale(slot: number): boolean {
    const held = this.#held.get(slot);
    if (held === undefined) return false;
    const truth = this.#contents.truthIn(slot);
    return held !== truth && held.output !== truth.output;
  }

  /** The task in a slot ran: its output is made from what is held of its dependencies. @param runs what comes of the runs of this build @returns it */
  make(slot: number, runs: StepInputs["runs"]): Content {
    const content = this.#contents.madeIn(slot, this.#heldIn, runs);
    this.#held.set(slot, content);
    return content;
  }

  /** It was restored from an object. @param content what that holds */
  restore(slot: number, content: Content): void {
    this.#held.set(slot, content);
  }
}
