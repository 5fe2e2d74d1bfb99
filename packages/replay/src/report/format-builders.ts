import { formatDuration } from "@depid/durations";
import { countNames } from "../measure/fates.ts";
import type { MeasuredBuilder } from "../result.ts";
import type { GcRule, Topology, TopologyBuilder, TopologyCache, TopologyServer } from "../topology/topology.ts";
import { chooseUnit, formatCount } from "./figures.ts";
import { TIMED, timedCells } from "./format-sums.ts";
import { formatTable } from "./format-table.ts";
import type { ReplayReport } from "./replay-report.ts";

/** The builders of a topology for people, and of its servers and caches those that are of a special kind. */
export function formatTopology({ builders, servers, caches }: Topology): string {
  const special = [...servers.map(formatServer), ...caches.map(formatCache)].filter((it) => it !== undefined);
  return [`Built by ${builders.map(formatBuilder).join("; by ")}`, ...special].join("; ");
}

function formatBuilder(builder: TopologyBuilder): string {
  const { name, kind, cadence, targets, server, sstate, mirrors, readOnly, unreachable, diverges } = builder;
  const what = targets === undefined ? "" : `, ${targets.join(" ")} and what they need`;
  const where = kind === "fresh" ? "in fresh build directories" : "in one build directory";
  return [
    `${name} ${where}, ${formatCadence(cadence)}${what}`,
    `with server ${server}${readOnly === true ? ", which takes no reports of it," : ""} and sstate ${sstate}`,
    ...(mirrors === undefined ? [] : [`then ${mirrors.join(", ")}`]),
    ...(unreachable === undefined ? [] : [`without a server in ${formatStepNumbers(unreachable)}`]),
    ...(diverges === undefined ? [] : [`where ${diverges.join(" ")} come out otherwise`]),
  ].join(", ");
}

function formatServer({ name, readOnlyOf, upstream, unreachable, lost, gc }: TopologyServer): string | undefined {
  const losses = lost?.map(({ at, restoredFrom: from }) => {
    return `lost at step ${at}${from === undefined ? "" : ` and restored from step ${from}`}`;
  });
  const said = [
    ...(readOnlyOf === undefined ? [] : [`read-only on the database of ${readOnlyOf}`]),
    ...(upstream === undefined ? [] : [`with upstream ${upstream}`]),
    ...(unreachable === undefined ? [] : [`out of reach in ${formatStepNumbers(unreachable)}`]),
    ...(losses ?? []),
    ...(gc === undefined ? [] : [formatGc(gc)]),
  ];
  return said.length === 0 ? undefined : `server ${name} ${said.join(", ")}`;
}

function formatGc(gc: GcRule): string {
  const often = gc.every === 1 ? "each step" : `every ${gc.every} steps`;
  return gc.rule === "age"
    ? `which forgets ${often} what it learnt ${gc.steps} ${gc.steps === 1 ? "step" : "steps"} before`
    : `which forgets ${often} what has no object in ${gc.caches.join(", ")}`;
}

function formatCache({ name, mirrorOf }: TopologyCache): string | undefined {
  if (mirrorOf === undefined) return undefined;
  const { cache, behind } = mirrorOf;
  return `cache ${name} a mirror of ${cache}, ${behind} ${behind === 1 ? "step" : "steps"} behind`;
}

function formatStepNumbers(steps: readonly number[]): string {
  return `${steps.length === 1 ? "step" : "steps"} ${steps.join(", ")}`;
}

function formatCadence(cadence: TopologyBuilder["cadence"]): string {
  if ("steps" in cadence) return `in ${formatStepNumbers(cadence.steps)}`;
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
