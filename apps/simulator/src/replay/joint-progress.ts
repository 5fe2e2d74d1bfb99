import type { ReplayProgress } from "@depid/replay";

/** How far a replay is whose parts go on side by side: as far as the part that is behind all others. */
export class JointProgress {
  readonly #parts: ({ readonly step: number; readonly done: number; readonly builds: number } | undefined)[];
  #step = 0;

  constructor(parts: number) {
    this.#parts = new Array(parts).fill(undefined);
  }

  /** A part tells how far it is. @returns how far all are */
  update(part: number, progress: ReplayProgress): ReplayProgress {
    this.#parts[part] = progress;
    const begun = this.#parts.filter((it) => it !== undefined);
    const isOver = (it: (typeof begun)[number]) => it.done >= it.builds;
    const behind =
      begun.length < this.#parts.length ? 0 : Math.min(...begun.filter((it) => !isOver(it)).map((it) => it.step));
    if (Number.isFinite(behind)) this.#step = Math.max(this.#step, behind);
    return {
      ...progress,
      step: this.#step,
      done: begun.reduce((sum, it) => sum + it.done, 0),
      builds: begun.reduce((sum, it) => sum + it.builds, 0),
    };
  }

  /** A part is done. */
  end(part: number): void {
    const last = this.#parts[part];
    if (last !== undefined) this.#parts[part] = { ...last, done: last.builds };
  }
}
