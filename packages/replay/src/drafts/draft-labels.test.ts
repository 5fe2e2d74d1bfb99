import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatTid, parseBaseHash, sha256Hex, type TaskHash } from "@depid/hash";
import type { History, Task } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LabelsError } from "../errors.ts";
import { createLabelSource, type Labels, parseLabels } from "../outcomes/labels.ts";
import type { OwnChange } from "../outcomes/outcome-model.ts";
import { sketchHistory } from "../testing/index.ts";
import { draftLabels } from "./draft-labels.ts";
import { type Evidence, type EvidenceSource, evidenceOfOutputs } from "./evidence.ts";
import { formatDraft } from "./format-draft.ts";
import { createMessageEvidence } from "./message-evidence.ts";
import { findOwnChanges } from "./own-changes.ts";

const ORIGIN = { history: "h", sources: ["s"] };

/** A history whose commits have ids that labels can name. */
function named(history: History, title = (step: number) => `change ${step}`): History {
  const id = (step: number) => sha256Hex(`commit ${step}`).slice(0, 40);
  return {
    ...history,
    steps: history.steps.map((step, i) => ({ ...step, id: id(i), commits: [{ id: id(i), title: title(i) }] })),
  };
}

const source = (evidenceOf: EvidenceSource["evidenceOf"]): EvidenceSource => ({ name: "s", evidenceOf });
const guess = (outcome: Evidence["outcome"], kind: string, ...details: string[]): Evidence => ({
  outcome,
  kind,
  details,
  sure: false,
});

const before = (...names: string[]): Task[] => names.map((name) => sketchTask(name));
const after = (...names: string[]): Task[] =>
  names.map((name) => sketchTask(name, { basehash: basehashOf(`${name} changed`) }));

async function linesOf(names: string[], evidenceOf: (change: OwnChange) => Evidence | undefined, given?: Labels) {
  const history = named(sketchHistory(before(...names), { upsert: after(...names) }));
  const { labels } = await draftLabels(history, [source(evidenceOf)], given);
  return labels.map(({ recipe, task, outcome, changes }) => [recipe, task, outcome, changes]);
}

describe("a draft of labels", () => {
  it("has one for the same edit in one task of many recipes", async () => {
    expect(await linesOf(["a:do_x", "b:do_x", "c:do_x"], () => guess("neutral", "comment", "+# why"))).toEqual([
      [undefined, "do_x", "neutral", 3],
    ]);
  });

  it("has one for what changed in several tasks of a recipe and its variants", async () => {
    const names = ["mesa:do_fetch", "mesa:do_unpack", "mesa-native:do_fetch", "zlib:do_fetch"];
    const lines = await linesOf(names, ({ after: { pn, task } }) =>
      guess("propagating", "sources", pn.startsWith("mesa") ? task : "z"),
    );
    expect(lines).toEqual([
      ["zlib", "do_fetch", "propagating", 1],
      ["mesa*", undefined, "propagating", 3],
    ]);
  });

  it("keeps outcomes apart: small groups stand first, so that large ones need no exceptions", async () => {
    const names = ["a:do_x", "a:do_y", "a:do_create_spdx", "a:do_create_package_spdx"];
    expect(
      await linesOf(names, ({ after: { task } }) =>
        task.includes("spdx") ? guess("contained", "SPDX") : guess("propagating", "upgrade"),
      ),
    ).toEqual([
      ["a", "do_create_*spdx", "contained", 2],
      ["a", undefined, "propagating", 2],
    ]);
  });

  it("has what no source knows as propagating and unsure, and says so", async () => {
    const history = named(sketchHistory(before("a:do_x"), { upsert: after("a:do_x") }));
    const { labels } = await draftLabels(history, [createMessageEvidence()]);
    expect(labels).toMatchObject([
      {
        outcome: "propagating",
        sure: false,
        source: undefined,
        reason: "No source knows what this does; read the commit.",
      },
    ]);
  });

  it("asks the sources in their order, and tells reasons", async () => {
    const history = named(sketchHistory(before("a:do_x", "b:do_x"), { upsert: after("a:do_x", "b:do_x") }));
    const first = source(({ after: { pn } }) => (pn === "a" ? guess("neutral", "comment", "+# 1") : undefined));
    const second = { ...source(() => guess("contained", "fix", "CVE")), name: "t" };
    const { labels } = await draftLabels(history, [first, second]);
    expect(labels.map((it) => it.reason)).toEqual(["Guess by s, comment: +# 1", "Guess by t, fix: CVE"]);
  });

  it("leaves out what labels match that are there, and counts it", async () => {
    const given: Labels = {
      otherwise: "neutral",
      labels: [{ commit: sha256Hex("commit 1").slice(0, 7), recipe: "a", outcome: "neutral", reason: "r", sure: true }],
    };
    expect(await linesOf(["a:do_x", "b:do_x"], () => undefined, given)).toEqual([["b", "do_x", "propagating", 1]]);
  });

  it("says how far each reaches: tasks that hash what it decides, directly or not", async () => {
    const chain = [
      sketchTask("a:do_x"),
      sketchTask("b:do_x", { deps: ["a:do_x"] }),
      sketchTask("c:do_x", { deps: ["b:do_x"] }),
    ];
    const { labels } = await draftLabels(named(sketchHistory(chain, { upsert: after("a:do_x") })), []);
    expect(labels.map((it) => it.reaches)).toEqual([3]);
  });

  it("has no label for a change that is taken back: own inputs as they were before do what they did then", async () => {
    const steps = [{ upsert: after("a:do_x") }, { upsert: before("a:do_x") }];
    const draft = await draftLabels(named(sketchHistory(before("a:do_x"), ...steps)), []);
    expect([draft.changes, draft.labels.length]).toEqual([1, 1]);
  });

  it("names a step that is no commit by its id, and says of which steps it cannot", async () => {
    const { steps, header } = sketchHistory(
      before("a:do_x"),
      { upsert: after("a:do_x") },
      { upsert: [sketchTask("a:do_x", { basehash: basehashOf("third") })] },
    );
    const ids = ["first.jsonl", "second.jsonl", "c3"];
    const history = { header, steps: steps.map((step, i) => ({ ...step, id: ids[i] as string, commits: [] })) };
    const draft = await draftLabels(history, []);
    expect([draft.labels.map((it) => it.commit), draft.unnamed]).toEqual([
      ["second.jsonl"],
      [{ step: 2, id: "c3", changes: 1 }],
    ]);
    expect(formatDraft(draft, ORIGIN)).toContain(
      '# Without a label: 1 changes of step 2, whose id "c3" names no step alone.',
    );
  });
});

it("the labels by hand leave nothing to draft of examples/oe-core, and their file stays as it is", async () => {
  const example = join(import.meta.dirname, "../../../../examples/oe-core/core-image-minimal");
  const text = await readFile(`${example}.labels.yaml`, "utf8");
  const draft = await draftLabels(await readHistory(`${example}.history.jsonl.gz`), [], parseLabels(text, "by hand"));
  expect(draft).toMatchObject({ labels: [], changes: 2078, labelled: 2078, withoutTexts: 0, unnamed: [] });
  expect(formatDraft(draft, ORIGIN, { text, source: "by hand" })).toBe(text);
});

describe("outputs prove", () => {
  const known = (outputs: readonly (readonly [before: string | undefined, after: string | undefined])[]) => {
    let at = -1;
    const names = outputs.map((_, i) => `r${i}:do_x`);
    const history = named(sketchHistory(before(...names), { upsert: after(...names) }));
    const evidence = evidenceOfOutputs({
      name: "recorded",
      notes: [],
      async follow() {
        at += 1;
      },
      outputOf(tid) {
        const output = outputs[names.findIndex((name) => sketchTask(name).tid === tid)]?.[at];
        return output === undefined ? undefined : { output, extra: "", taskhash: "" as TaskHash };
      },
    });
    return draftLabels(history, [evidence]);
  };

  it("that a change was neutral where the output is the same, and nothing where it is another or unknown", async () => {
    const { labels } = await known([
      ["o1", "o1"],
      ["o1", "o2"],
      [undefined, "o1"],
      ["o1", undefined],
    ]);
    expect(labels.map(({ outcome, sure, changes }) => [outcome, sure, changes])).toEqual([
      ["neutral", true, 1],
      ["propagating", false, 3],
    ]);
    expect(labels[0]?.reason).toBe("Proved by recorded, the same output: recorded as o1");
  });
});

describe("the text of a draft", () => {
  const history = named(sketchHistory(before("a:do_x"), { upsert: after("a:do_x") }), () => "fix: # \n- commit: x");

  it("goes on below labels that are there, which stay as they are", async () => {
    const text =
      'format: depid-labels/1\notherwise: neutral\nlabels:\n# mine\n- {commit: "0000000", outcome: neutral, reason: &r "why"}\n';
    const given = { text, source: "mine.yaml" };
    const result = formatDraft(await draftLabels(history, [], parseLabels(text, "")), ORIGIN, given);
    expect(result.startsWith(text)).toBe(true);
    expect(parseLabels(result, "").labels.map((it) => it.outcome)).toEqual(["neutral", "propagating"]);
  });

  it.each([
    ["a list in brackets", "format: depid-labels/1\notherwise: neutral\nlabels: []\n"],
    [
      "another key behind the labels",
      'format: depid-labels/1\nlabels:\n  - {commit: "0000000", outcome: neutral, reason: r}\notherwise: neutral\n',
    ],
  ])("refuses to go on below %s", async (_what, text) => {
    const draft = await draftLabels(history, [], parseLabels(text, ""));
    const format = () => formatDraft(draft, ORIGIN, { text, source: "mine.yaml" });
    expect(format).toThrow(LabelsError);
    expect(format).toThrow("mine.yaml: expected `labels` to be the last key");
  });

  it("of nothing is a label file too", async () => {
    const draft = await draftLabels(named(sketchHistory(before("a:do_x"))), []);
    expect(parseLabels(formatDraft(draft, ORIGIN), "")).toEqual({ otherwise: "propagating", labels: [] });
  });
});

describe("any draft", () => {
  const pn = fc.constantFrom("a", "a-native", "nativesdk-a", "ab", "b", "b-cross-x86", "[c]", "c*", "gtk+3", "lib?");
  const task = fc.constantFrom("do_x", "do_xy", "do_create_spdx", "do_create_package_spdx", "do_package_qa", "do_[x]");
  const config = fc.constantFrom("", "mc1");
  const key = fc.record({ pn, task, config });
  const evidence = fc.option(
    fc.record({
      outcome: fc.constantFrom("neutral", "contained", "propagating"),
      kind: fc.constantFrom("k1", "k2: #", "k\n3"),
      details: fc.uniqueArray(fc.constantFrom("d1", '"d" \u2028', "d3\\", "d4"), { maxLength: 2 }),
      sure: fc.boolean(),
    }),
    { nil: undefined },
  );
  const taskOf = (it: { pn: string; task: string; config: string }, text: string): Task => ({
    ...sketchTask("x:do_x"),
    tid: formatTid({ config: it.config, recipeFile: `${it.pn}.bb`, task: it.task }),
    pn: it.pn,
    task: it.task,
    basehash: parseBaseHash(sha256Hex(text)),
  });

  it("parses, and each label decides exactly as many changes as it says, with the outcome of their evidence", async () => {
    const name = (it: { pn: string; task: string; config: string }) => `${it.config} ${it.pn} ${it.task}`;
    const tasks = fc.uniqueArray(key, { selector: name, minLength: 1, maxLength: 25 });
    const steps = fc.array(fc.array(fc.tuple(fc.nat(24), evidence), { maxLength: 20 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(tasks, steps, async (keys, changes) => {
        const told = new Map<string, Evidence | undefined>();
        const upserts = changes.map((list, i) => {
          const found = new Map<string, Task>();
          for (const [at, it] of list) {
            const changed = keys[at % keys.length] as (typeof keys)[number];
            found.set(name(changed), taskOf(changed, `${name(changed)} ${i}`));
            told.set(`${i + 1} ${changed.pn} ${changed.task}`, it); // labels know no configurations
          }
          return { upsert: [...found.values()] };
        });
        const history = named(
          sketchHistory(
            keys.map((it) => taskOf(it, "first")),
            ...upserts,
          ),
        );
        const of = ({ step, after }: OwnChange) => told.get(`${step.step} ${after.pn} ${after.task}`);
        const draft = await draftLabels(history, [source(of)]);
        const labels = parseLabels(formatDraft(draft, ORIGIN), "draft");
        const reader = createLabelSource(labels, "draft");
        const decided = labels.labels.map(() => 0);
        for await (const { changes: own } of findOwnChanges(history)) {
          for (const change of own) {
            expect(reader.outcomeOf(change)).toEqual(of(change)?.outcome ?? "propagating");
            const label = reader.findLabel(change);
            if (label !== undefined) decided[label] = (decided[label] ?? 0) + 1;
          }
        }
        expect(decided).toEqual(draft.labels.map((it) => it.changes));
        expect(labels.labels.map((it) => it.sure)).toEqual(draft.labels.map((it) => it.sure));
      }),
    );
  });
});
