import { formatDuration } from "@depid/durations";
import { countNames } from "../measure/fates.ts";
import type { MeasuredBuilder } from "../result.ts";
import type { Topology, TopologyBuilder } from "../topology/topology.ts";
import { chooseUnit, formatCount } from "./figures.ts";
import { TIMED, timedCells } from "./format-sums.ts";
import { formatTable } from "./format-table.ts";
import type { ReplayReport } from "./replay-report.ts";

/** The builders of a topology for people. */
export function formatTopology({ builders }: Topology): string {
  return `Built by ${builders.map(formatBuilder).join("; by ")}`;
}

function formatBuilder({ name, kind, cadence, targets, server, sstate }: TopologyBuilder): string {
  const what = targets === undefined ? "" : `, ${targets.join(" ")} and what they need`;
  const where = kind === "fresh" ? "in fresh build directories" : "in one build directory";
  return `${name} ${where}, ${formatCadence(cadence)}${what}, with server ${server} and sstate ${sstate}`;
}

function formatCadence(cadence: TopologyBuilder["cadence"]): string {
  if ("steps" in cadence) return `in ${cadence.steps.length === 1 ? "step" : "steps"} ${cadence.steps.join(", ")}`;
  const { every, offset } = cadence;
  return `${every === 1 ? "each step" : `one step in ${every}`}${offset === 0 ? "" : ` from step ${offset} on`}`;
}

/** What each builder did under each policy; `undefined` where no topology was asked for. */
export function formatBuilders({ result, durations }: ReplayReport): string | undefined {
  const rows = result.policies.flatMap(({ name, builders = [] }) => builders.map((it) => ({ policy: name, ...it })));
  if (rows.length === 0) return undefined;
  const heading = "## By builder";
  const cells = ({ policy, name, builds }: (typeof rows)[number]): string[] => [policy, name, formatCount(builds)];
  const head = ["policy", "builder", "builds"];
  if (durations === undefined) {
    const lines = rows.map((it) => [...cells(it), ...countNames.map((count) => formatCount(it.sum[count]))]);
    return [heading, "", formatTable([...head, ...countNames], lines)].join("\n");
  }
  const unit = chooseUnit(rows.flatMap(({ time }) => TIMED.map((count) => time?.sum.serial[count] ?? 0)));
  const lines = rows.map((it) => [
    ...cells(it),
    ...timedCells(it.sum, it.time?.sum.serial, durations.knowsRestoring, unit.format),
    formatCount(it.sum.stale),
    meanWall(it),
  ]);
  const columns = [...head, ...TIMED.flatMap((count) => [count, unit.name]), "stale", "a build"];
  return [
    heading,
    "",
    formatTable(columns, lines),
    "",
    "A build: from begin to end, mean of the builder's builds.",
  ].join("\n");
}

function meanWall({ builds, time }: MeasuredBuilder): string {
  return time === undefined || builds === 0 ? "none" : formatDuration(time.sum.wall / builds);
}
