import type { Tid } from "@depid/hash";
import type { ReplayDocument } from "@depid/replay/documents";
import { formatHistory, type History } from "@depid/task-graph";
import { type Cell, keyOfCell } from "./cell.ts";
import { encodeChanges } from "./changes.ts";
import type { RunDocument } from "./documents/index.ts";
import { Numbered, type RecordedBuild } from "./record-build.ts";
import { nameOfTrack } from "./track.ts";

export const RUN_FORMAT = "depid-run/1";

/** What is recorded of the builds of one policy and builder: numbers by number of the task, of its last build. 0: not in that build, none, unknown. */
interface Track {
  cell: Int32Array;
  by: Int32Array;
  depid: Int32Array;
}

/** Gathers recorded builds, in the order of steps, into a document. */
export class RunRecorder {
  readonly #tasks = new Numbered<Tid>();
  readonly #recipes: string[] = [];
  readonly #cells = new Numbered<Cell>();
  readonly #depids = new Numbered<string>();
  readonly #tracks = new Map<string, Track>();
  readonly #builds: RunDocument["builds"][number][] = [];
  readonly #durations: RunDocument["durations"][number][] = [];
  #real = new Int32Array();
  #setscene = new Int32Array();

  /** Takes the next build: all builds of one policy and builder come in the order of steps. */
  add({ policy, builder, step, tids, recipes, taskhashes, ...build }: RecordedBuild): void {
    const numbers = Int32Array.from(tids, (tid) => this.#tasks.numberOf(tid, tid));
    const size = this.#tasks.things.length;
    const cells = build.cells.map((it) => this.#cells.numberOf(keyOfCell(it), it) + 1);
    const depids = build.depids.map((it) => this.#depids.numberOf(it, it) + 1);
    const track = { cell: new Int32Array(size), by: new Int32Array(size), depid: new Int32Array(size) };
    const real = grown(this.#real, size);
    const setscene = grown(this.#setscene, size);
    for (let place = 0; place < tids.length; place++) {
      const task = numbers[place] as number;
      this.#recipes[task] = recipes[place] as string;
      track.cell[task] = cells[build.cell[place] as number] as number;
      const by = build.by[place] as number;
      track.by[task] = by < 0 ? 0 : (numbers[by] as number) + 1;
      track.depid[task] = depids[build.other[place] as number] ?? 0;
      real[task] = (build.real[place] as number) + 1;
      setscene[task] = (build.setscene[place] as number) + 1;
    }
    this.#addDurations(step, real, setscene);
    const name = nameOfTrack({ policy, builder });
    const before = this.#tracks.get(name) ?? { cell: [], by: [], depid: [] };
    this.#tracks.set(name, track);
    this.#builds.push({
      policy,
      ...(builder === "" ? {} : { builder }),
      step,
      taskhashes,
      cell: encodeChanges(before.cell, track.cell),
      by: encodeChanges(before.by, track.by),
      depid: encodeChanges(before.depid, track.depid),
    });
  }

  /** The document of all that was added. @param replay the report of the same replay */
  end(history: History, replay: ReplayDocument): RunDocument {
    return {
      format: RUN_FORMAT,
      replay,
      history: [...formatHistory(history)],
      tasks: this.#tasks.things,
      recipes: this.#recipes,
      cells: this.#cells.things,
      depids: this.#depids.things,
      durations: this.#durations,
      builds: this.#builds,
    };
  }

  /** Durations follow from the state of the metadata, whatever the policy: they become other between steps. */
  #addDurations(step: number, real: Int32Array<ArrayBuffer>, setscene: Int32Array<ArrayBuffer>): void {
    const changes = { real: encodeChanges(this.#real, real), setscene: encodeChanges(this.#setscene, setscene) };
    if (changes.real !== "" || changes.setscene !== "") this.#durations.push({ step, ...changes });
    this.#real = real;
    this.#setscene = setscene;
  }
}

function grown(list: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(size);
  longer.set(list);
  return longer;
}
