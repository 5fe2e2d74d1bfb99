import { sha256Hex, type Tid } from "@depid/hash";
import { computeSignatures, createBasicHash, inputOf, taskHashText } from "@depid/siggen";
import { type History, type Task, TaskGraph } from "@depid/task-graph";
import { compare } from "./measure.ts";

/**
 * Taskhashes of a full graph, and of the cones of single changes, against plain SHA-256 over the same bytes: the floor below
 * which no implementation can be.
 */
export async function benchHashing(name: string, history: History): Promise<void> {
  const graph = new TaskGraph(history.steps[0]?.change.upsert ?? []);
  const signatures = await computeSignatures(graph, createBasicHash());
  const texts = graph.tids.map((tid) => flat(taskHashText(inputOf(signatures.get(tid)))));
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  await compare(`${name}: ${graph.size} taskhashes over ${(bytes / 1e6).toFixed(2)} MB`, [
    { name: "floor: SHA-256 of the same texts", run: () => hashAll(texts) },
    { name: "every task of the graph anew", run: () => signatures.computeAll() },
  ]);
  for (const seed of pickSeeds(graph)) {
    const cone = graph.hashConeOf([seed]);
    const coneTexts = cone.map((tid) => flat(taskHashText(inputOf(signatures.get(tid)))));
    const row = graph.get(seed);
    let flip = false;
    await compare(
      `${name}: cone of one change, ${cone.length} of ${graph.size} tasks (${row.pn}:${row.task})`,
      [
        { name: "floor: SHA-256 of the cone's texts", run: () => hashAll(coneTexts) },
        {
          name: "apply the change, hash its cone",
          run: () => {
            flip = !flip;
            graph.apply({ upsert: [flip ? changed(row) : row], remove: [] });
            return signatures.update([seed]);
          },
        },
        { name: "every task of the graph anew", run: () => signatures.computeAll() },
      ],
      { milliseconds: 1000, runs: 32 },
    );
  }
}

/** Tasks with cones of about 1, 1 %, 10 % and as much as there is. */
function pickSeeds(graph: TaskGraph): Tid[] {
  const sizes = graph.tids
    .filter((_tid, i) => i % 17 === 0)
    .map((tid) => ({ tid, size: graph.hashConeOf([tid]).length }));
  sizes.sort((a, b) => a.size - b.size);
  const wanted = [1, graph.size / 100, graph.size / 10, graph.size];
  return wanted.map((size) => (sizes.find((it) => it.size >= size) ?? sizes.at(-1))?.tid as Tid);
}

function hashAll(texts: readonly string[]): void {
  for (const text of texts) sha256Hex(text);
}

function changed(task: Task): Task {
  return { ...task, basehash: sha256Hex(task.basehash) as Task["basehash"] };
}

/** A string in one piece: V8 keeps concatenations as trees, and flattening is no part of the floor. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}
