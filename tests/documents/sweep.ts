import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sketchHistory } from "@depid/replay/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { runDepid } from "../../apps/simulator/src/testing/run-depid.ts";
import type { Example } from "./example.ts";

const HISTORY = "examples/meta-mini/recorded/history.jsonl.gz";
const COMMON = ["sweep", HISTORY, "--samples", "2", "--policy", "basichash,equivhash"];

/** Times of executing alone, of the processors; rules of a release. */
const given = async (folder: string): Promise<readonly string[]> => {
  const durations = join(folder, "durations.csv");
  await writeFile(durations, "recipe,task,elapsed,cpu\nminiapp,do_compile,1,2\n");
  return [
    ...["--durations", durations, "--duration-measure", "cpu"],
    ...["--release", "2.8", "--outhash-extra", "none", "--unsure", "drawn", "--builder", "persistent"],
  ];
};

/** What both documents have, in all its forms. */
const forms = (...more: readonly string[]): readonly Example[] => [
  { what: "counts alone", print: async () => (await runDepid(...COMMON, ...more)).stdout },
  {
    what: "times of the processors, without restoring",
    print: async (folder) => (await runDepid(...COMMON, ...(await given(folder)), ...more)).stdout,
  },
  {
    what: "times with restoring, of a folder",
    print: async () => (await runDepid(...COMMON, "--durations", "fixtures/buildstats", ...more)).stdout,
  },
];

/** A change of a recipe that another uses: whether it is neutral decides what equivhash saves. */
const putHistory = async (folder: string): Promise<string> => {
  const task = (name: string, text: string, ...deps: string[]) =>
    sketchTask(name, { setscene: true, deps, basehash: basehashOf(text) });
  const file = join(folder, "history.jsonl");
  const first = [task("a:do_x", "0"), task("b:do_x", "0", "a:do_x")];
  await writeHistory(file, sketchHistory(first, { upsert: [task("a:do_x", "1")] }));
  return file;
};
const decided = ["--policy", "basichash,equivhash", "--neutral", "0,0.5", "--samples", "12", "--json"];

export const SWEEPS: readonly Example[] = [
  ...forms("--json"),
  {
    what: "a break-even, and what it depends on",
    print: async (folder) => (await runDepid("sweep", await putHistory(folder), ...decided)).stdout,
  },
];
export const PARTS: readonly Example[] = forms("--shard", "1/2");
