import { sha256Hex, type Tid } from "@depid/hash";
import type { Task, TaskGraph } from "@depid/task-graph";
import type { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { KnownOutput, OutputSource } from "../outcomes/outcome-model.ts";
import type { TaskKey } from "../task-key.ts";
import { type Content, formatContent } from "./content.ts";

/** A source of outputs, and its place in the chain. */
export interface PlacedSource {
  readonly source: OutputSource;
  readonly place: number;
}

/** A task whose truth is looked for. */
export interface SettledTask {
  readonly tid: Tid;
  readonly key: TaskKey;
  /** Content as it follows from inputs. */
  readonly derived: Content;
  /** Whether its output names its own hash. */
  readonly isUnique: boolean;
}

/** What recorded outputs tell of contents, through the steps of a history. */
export class ToldOutputs {
  readonly #chain: OutcomeChain;
  readonly #provedEqual = new Set<TaskKey>();
  /** By place of the source in the chain. */
  readonly #recorded = new Map<number, Map<TaskKey, RecordedContent[]>>();
  /** What was made of contents that followed from inputs, by their text. */
  readonly #settled = new Map<TaskKey, Map<string, Content>>();
  /** Tasks whose output a source told in the present step, or knew where it names the task's hash, with its place. */
  readonly #told = new Map<Tid, number>();

  constructor(chain: OutcomeChain) {
    this.#chain = chain;
  }

  /** Tasks whose recorded output was equal under two taskhashes. */
  get provedEqual(): ReadonlySet<TaskKey> {
    return this.#provedEqual;
  }

  /** A step begins. */
  begin(): void {
    this.#told.clear();
  }

  /** What an earlier step made of a content that follows from inputs. */
  settled(key: TaskKey, derived: Content): Content | undefined {
    return this.#settled.get(key)?.get(formatContent(derived));
  }

  /**
   * Whether a recorded output tells something: it was there before, under another taskhash, or it is another one than before. Another outhash tells nothing
   * if it holds something else beside the output, or if the output names the task's hash; and what is known of the same taskhash is no news.
   */
  tells({ source, place }: PlacedSource, { tid, key, isUnique }: Omit<SettledTask, "derived">): boolean {
    const known = source.outputOf(tid);
    if (known === undefined) return false;
    const records = this.#recorded.get(place)?.get(key) ?? [];
    const equal = records.find((it) => it.known.output === known.output);
    if (equal !== undefined) return known.taskhash === "" || !equal.taskhashes.has(known.taskhash);
    return !isUnique && records.some((it) => it.known.extra === known.extra);
  }

  /**
   * The truth of a task: what follows from inputs, unless an output tells another.
   *
   * @param after place of a source that decided before: outputs of later ones do not count
   * @returns and whether it was told
   */
  settle(
    task: SettledTask,
    after: number | undefined,
  ): { readonly truth: Content; readonly teller: number | undefined } {
    const { tid, key, derived, isUnique } = task;
    const sources = this.#chain.outputSources;
    const teller = sources.find((it) => !(after !== undefined && after < it.place) && this.tells(it, task));
    let truth = this.settled(key, derived) ?? derived;
    if (teller !== undefined) {
      this.#told.set(tid, teller.place);
      truth = this.#reconcile(teller, task);
      const settled = this.#settled.get(key) ?? new Map<string, Content>();
      this.#settled.set(key, settled.set(formatContent(derived), truth));
    } else if (isUnique) {
      // What names its own hash is another output whenever it is made again: there is no more to be told of it.
      const knows = sources.find(({ source }) => source.outputOf(tid) !== undefined);
      if (knows !== undefined) this.#told.set(tid, knows.place);
    }
    for (const { source, place } of sources) this.#record(key, source.outputOf(tid), place, truth);
    return { truth, teller: teller?.place };
  }

  /** Place of a source if all outputs that a task goes into, on all ways up, were told; `undefined` if there is a way past them, or none at all. */
  toldAbove(tid: Tid, graph: TaskGraph): number | undefined {
    const own = this.#told.get(tid);
    if (own !== undefined) return own;
    const { slots, tasks, dependents } = graph.hashPlan;
    const seen = new Set<number>();
    const open = [slots.get(tid) as number];
    let place: number | undefined;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const dependentsOfIt = dependents[at] as readonly number[];
      if (dependentsOfIt.length === 0) return undefined;
      for (const above of dependentsOfIt) {
        if (seen.has(above)) continue;
        seen.add(above);
        const told = this.#told.get((tasks[above] as Task).tid);
        if (told === undefined) open.push(above);
        else place = Math.min(told, place ?? told);
      }
    }
    return place;
  }

  /** An equal output is the content of then; another one is another content, even where inputs say it is the same. */
  #reconcile({ source, place }: PlacedSource, { tid, key, derived }: SettledTask): Content {
    const known = source.outputOf(tid) as KnownOutput;
    const records = this.#recorded.get(place)?.get(key) ?? [];
    const equal = records.find((it) => it.known.output === known.output);
    if (equal !== undefined) {
      if (known.taskhash !== "" && equal.taskhashes.size > 0) this.#provedEqual.add(key);
      return equal.content;
    }
    const isOther = records.some((it) => it.known.extra === known.extra && it.content.output === derived.output);
    if (!isOther) return derived;
    return {
      output: sha256Hex(`${derived.output} ${known.output}`),
      outward: sha256Hex(`${derived.outward} ${known.output}`),
    };
  }

  #record(key: TaskKey, known: KnownOutput | undefined, place: number, content: Content): void {
    if (known === undefined) return;
    const ofSource = this.#recorded.get(place) ?? new Map<TaskKey, RecordedContent[]>();
    this.#recorded.set(place, ofSource);
    const records = ofSource.get(key) ?? [];
    ofSource.set(key, records);
    let record = records.find((it) => it.known.output === known.output);
    if (record === undefined) {
      record = { known, taskhashes: new Set(), content };
      records.push(record);
    }
    if (known.taskhash !== "") record.taskhashes.add(known.taskhash);
  }
}

/** A content that goes with a recorded output. */
interface RecordedContent {
  readonly known: KnownOutput;
  /** Under which it came out so far. */
  readonly taskhashes: Set<string>;
  readonly content: Content;
}
