import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OUTCOME_WORDS, YamlText } from "@depid/replay";
import { ScenarioError } from "@depid/scenario";
import { z } from "zod";
import { REPOSITORY } from "../../apps/simulator/src/testing/run-depid.ts";
import type { Example } from "./example.ts";

/** Has what is in none of those that come with depid. */
const SCENARIO = `format: depid-scenario/1
title: all that may be said
explanation: of no use
policies: [basichash]
builder: BUILDER
workers: 2
outhash_extra: EXTRA
targets: [app:do_x]
recipes:
  lib: { version: "2", tasks: { do_x: { setscene: true, takes: 2, restoring: 1, files: { a: one, b: 2 } } } }
  app: { tasks: { do_v: { run: ": v", setscene: false, irreproducible: 0.5 }, do_u: { hashes: do_v }, do_t: { hashes: [do_v] }, do_w: null, do_x: { needs: lib:do_x, after: [do_w], passes_on: [lib:do_x], takes: 1 h } } }
steps:
  - { title: first, expect: { basichash: { runs: [], restores: [], stale: [] } } }
  - { title: named, targets: lib:do_x, changes: [{ task: [lib:do_x], files: { a: two, b: 3 }, does: contained, outhash: same, because: x }] }
  - { title: many, targets: [app:do_x, app:do_w], changes: [
      { task: app:do_x, needs: app:do_w, does: propagating, spares: [nobody] }, { task: app:do_w, variables: { X: "1" } }] }
WORDS  - { title: back, changes: [{ task: app:do_w, hashes: app:do_v, as: 0 }] }
  - { title: last, changes: [{ task: app:do_v, run: ": w" }, { task: app:do_w, hashes: [app:do_v, app:do_u], does: neutral }, { task: app:do_x, needs: [lib:do_x], does: propagating, spares: lib }],
      expect: { basichash: { runs: app:do_x, stale: [lib:do_x] } } }
`;
const LEAST = `format: depid-scenario/1
title: least
explanation: of no use
topology: { builders: [{ name: ci, kind: fresh }] }
policy_options: {}
recipes: { lib: { tasks: { do_x: null } } }
steps: [{ title: first }]
`;
const WORDS = OUTCOME_WORDS.map(
  (does) => `  - { title: ${does}, changes: [{ task: app:do_w, variables: { X: ${does} }, does: ${does} }] }\n`,
).join("");

/** The text of a scenario that names all that there is. */
export function drawAll(builder = "fresh", extra = "none"): string {
  return SCENARIO.replace("BUILDER", builder).replace("EXTRA", extra).replace("WORDS", WORDS);
}

/** Writes it. @returns its name */
export async function putScenario(folder: string): Promise<string> {
  const file = join(folder, "all.yaml");
  await writeFile(file, drawAll());
  return file;
}

export const SCENARIOS: readonly Example[] = [
  ...["fpga-chain", "native-runtime", "kernel-version", "twins"].map((name) => ({
    what: name,
    print: async () => asJson(await readFile(join(REPOSITORY, `packages/scenario/scenarios/${name}.yaml`), "utf8")),
  })),
  { what: "all that may be said", print: async () => asJson(drawAll()) },
  { what: "no more than must be", print: async () => asJson(LEAST) },
  { what: "other builds", print: async () => asJson(drawAll("persistent", "oe-core")) },
];

function asJson(text: string): string {
  return JSON.stringify(new YamlText(text, "a test", ScenarioError).parse(z.unknown()));
}
