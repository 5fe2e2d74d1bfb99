import { countNames } from "../measure/fates.ts";
import type { SweepRun } from "./sweep-run.ts";

/** What each sample measured as lines of CSV (RFC 4180, without line ends): a row for each sample, probability and policy; seconds are empty where no durations are known. */
export function* formatSamplesCsv({ setting, samples }: SweepRun): Generator<string> {
  const seconds = countNames.filter((it) => it !== "stale").map((it) => `${it}_seconds`);
  yield ["sample", "neutral", "policy", ...countNames, ...seconds, "wall_seconds", "critical_seconds"].join(",");
  for (const { sample, neutral, policies } of samples) {
    for (const [place, { sum, time }] of policies.entries()) {
      const name = setting.policies[place]?.name ?? "";
      const times = [
        ...countNames.filter((it) => it !== "stale").map((it) => time?.serial[it]),
        time?.wall,
        time?.critical,
      ];
      yield [
        sample,
        neutral,
        /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
        ...countNames.map((it) => sum[it]),
        ...times.map((it) => it ?? ""),
      ].join(",");
    }
  }
}
