import { writeFile } from "node:fs/promises";
import { join } from "node:path";
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
    ...["--release", "2.8", "--outhash-extra", "none", "--builder", "persistent"],
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

export const SWEEPS: readonly Example[] = forms("--json");
export const PARTS: readonly Example[] = forms("--shard", "1/2");
