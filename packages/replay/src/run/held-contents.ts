import type { Tid } from "@depid/hash";
import type { BuildWorld } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import type { TaskKey } from "../task-key.ts";
import { type Content, formatContent, parseContent } from "../truth/content.ts";
import type { Contents } from "../truth/truth.ts";

/** What a build directory holds of each task. */
export class HeldContents {
  readonly #contents: Contents;
  readonly #held: Map<TaskKey, Content>;

  constructor(contents: Contents, held: ReadonlyMap<TaskKey, Content> = new Map()) {
    this.#contents = contents;
    this.#held = new Map(held);
  }

  copy(): HeldContents {
    return new HeldContents(this.#contents, this.#held);
  }

  /** Through which a build fills the directory. */
  get ports(): Required<Pick<BuildWorld, "contentOf" | "onRestored">> {
    return {
      contentOf: (task) => formatContent(this.#make(task)),
      onRestored: (task, content) => this.#held.set(this.#contents.keyOf(task.tid), parseContent(content)),
    };
  }

  /** What is held of the task; where that is nothing, what a clean build has. */
  get(tid: Tid): Content {
    return this.#held.get(this.#contents.keyOf(tid)) ?? this.#contents.truthOf(tid);
  }

  /** Whether something else is held of the task than a clean build has. */
  isStale(tid: Tid): boolean {
    return this.get(tid).output !== this.#contents.truthOf(tid).output;
  }

  /** The task ran: its output is made from what is held of its dependencies. */
  #make(task: Task): Content {
    const content = this.#contents.contentOf(task.tid, (dependency) => this.#held.get(dependency));
    this.#held.set(this.#contents.keyOf(task.tid), content);
    return content;
  }
}
