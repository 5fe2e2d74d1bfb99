import { splitTid, type Tid } from "@depid/hash";
import { type BuildEvent, type BuildSummary, findCovers, findUsers, isNotCovered, listStamps } from "@depid/runqueue";
import { formatRecordedTid, type Scenario, type ScenarioResult } from "./scenario.ts";
import { stampsDirectoryOf } from "./scenario-layout.ts";
import { recordedLines, simulatedLines } from "./scenario-log.ts";
import { first, sameMap, sameNumbers, sameOrder, sameSet, sameText, without } from "./scenario-same.ts";
import { isOrdered, type Pass, type SimulatedStep } from "./scenario-step.ts";

/** The first difference in what a step begins with: hashes, graph, what the first look at the setscene tasks finds. */
export function findStartDifference(scenario: Scenario, recorded: ScenarioResult, step: SimulatedStep) {
  return first(
    () => sameMap("taints", recorded.taints, step.taints),
    () => hashDifference(recorded, step),
    () => graphDifference(scenario, recorded, step),
    () => orderDifference(scenario, recorded, step),
    () => scenequeueDifference(scenario, recorded, step),
    () => startDifference(recorded, step),
  );
}

/**
 * The first difference from what a step may do in any order and whatever tasks take: it executes and restores everything that is
 * always executed or restored, and nothing that never is.
 */
export function findEnvelopeDifference({ envelope }: ScenarioResult, { build: { summary } }: SimulatedStep) {
  if (envelope === undefined) return undefined;
  const { executed, restored } = envelope;
  return first(
    () => withinBounds("envelope.executed", executed, summary.executed),
    () => withinBounds("envelope.restored", restored, summary.restored),
  );
}

function withinBounds(field: string, { always, sometimes }: Bounds, found: readonly Tid[]): string | undefined {
  const missing = without(names(always), names(found))[0];
  if (missing !== undefined) return `${field}: expected ${missing} in any order, not found`;
  const extra = without(names(found), names([...always, ...sometimes]))[0];
  return extra === undefined ? undefined : `${field}: found ${extra}, not expected in any order`;
}

type Bounds = NonNullable<ScenarioResult["envelope"]>["executed"];

/** The first difference in which rows of the server came and went. */
export function findRowDifference(recorded: ScenarioResult, before: readonly string[], after: readonly string[]) {
  const rows = (list: readonly (readonly string[])[]): readonly string[] => list.map((row) => row.join(" "));
  return first(
    () => sameSet("hashserv_added", rows(recorded.hashserv_added), without(after, before)),
    () => sameSet("hashserv_removed", rows(recorded.hashserv_removed), without(before, after)),
  );
}

/** The first difference in what a step did and left behind. With several tasks at a time, order does not count. */
export function findOutcomeDifference(pass: Pass, recorded: ScenarioResult, step: SimulatedStep) {
  const { summary, state, events } = step.build;
  const { plan } = step;
  const sameList = !isOrdered(pass) ? sameSet : sameOrder;
  const notCovered = plan.tids.filter((_, i) => isNotCovered(state, i));
  const isOver = recorded.state !== undefined;
  return first(
    () => (!isOrdered(pass) ? undefined : sameOrder("log", recordedLines(recorded), simulatedLines(events))),
    () => sameList("executed", names(recorded.executed), names(summary.executed)),
    () => sameList("restored", names(recorded.restored), names(summary.restored)),
    () => sameSet("noexec", names(recorded.noexec), names(summary.noexec)),
    () => skippedDifference(pass, recorded, summary),
    () => sameSet("failed", names(recorded.failed), names(summary.failed)),
    () => sameSet("setscene_failed", names(recorded.setscene_failed), names(summary.setsceneFailed)),
    () => (isOver ? sameText("state", recorded.state, summary.state) : sameText("state", "CRASHED", summary.state)),
    () => sameSet("setscene_covered", names(recorded.setscene_covered), names([...summary.setsceneCovered])),
    () => sameSet("setscene_notcovered", names(recorded.setscene_notcovered), names([...summary.setsceneNotCovered])),
    () => sameSet("notcovered", names(recorded.notcovered), names(notCovered)),
    () => hashesEndDifference(recorded, step),
    () => sameNumbers("stats", recorded.stats, statsOf(step)),
    () => sameNumbers("sstate_summary", recorded.sstate_summary, summary.sstate),
    () => sameNumbers("tasks_summary", recorded.tasks_summary, summary.tasks),
    () => sameSet("wrong_content", recorded.wrong_content, step.wrong),
    () => sameText("exit", String(recorded.exit), String(exitOf(step))),
  );
}

/** The first difference in the stamps of a build directory. */
export function findStampDifference(
  recorded: ScenarioResult["stamps"],
  builder: SimulatedStep["build"]["builder"],
): string | undefined {
  const byConfig = Array.isArray(recorded) ? { "": recorded } : recorded;
  const expected = Object.entries(byConfig).flatMap(([config, stamps]) =>
    stamps.map((stamp) => `${stampsDirectoryOf(config)}/${stamp}`),
  );
  const taints = [...builder.taints.values()].map(
    (of) => `${stampsDirectoryOf(of.config)}/${of.stamp}.${of.task}.taint`,
  );
  const stamps = listStamps(builder).map(({ config, name }) => `${stampsDirectoryOf(config)}/${name}`);
  return sameSet("stamps", expected, [...stamps, ...taints]);
}

/** The first difference in which sstate objects came and went. */
export function findObjectDifference(
  recorded: ScenarioResult,
  before: readonly string[],
  after: readonly string[],
): string | undefined {
  return first(
    () => sameSet("sstate_added", recorded.sstate_added, without(after, before)),
    () => sameSet("sstate_removed", recorded.sstate_removed, without(before, after)),
  );
}

/** When a rehash takes effect decides whether a task is covered, or passed over for its stamp before that: that is left to chance. */
function skippedDifference(pass: Pass, { skipped }: ScenarioResult, { covered, existing }: BuildSummary) {
  if (!isOrdered(pass)) {
    return sameSet("skipped", names([...skipped.covered, ...skipped.existing]), names([...covered, ...existing]));
  }
  return first(
    () => sameSet("skipped.covered", names(skipped.covered), names(covered)),
    () => sameSet("skipped.existing", names(skipped.existing), names(existing)),
  );
}

/**
 * Exit status: 1 when the build failed, or when an error was logged, as a setscene task of the layer does that was asked to fail. One that
 * finds no object fails without a word.
 */
function exitOf({ build: { summary }, hasLoggedError }: SimulatedStep): number {
  return summary.state === "COMPLETE" && !hasLoggedError ? 0 : 1;
}

function hashDifference({ hashes }: ScenarioResult, step: SimulatedStep): string | undefined {
  for (const [tid, [, taskhash, depid]] of hashes ?? []) {
    const found = step.hashes.get(tid);
    const difference =
      sameText(`hashes of ${formatRecordedTid(tid)}: taskhash`, taskhash, found?.taskhash) ??
      sameText(`hashes of ${formatRecordedTid(tid)}: unihash`, depid, found?.depid);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function graphDifference(scenario: Scenario, recorded: ScenarioResult, { plan }: SimulatedStep): string | undefined {
  for (const [tid, { weight }] of scenario.graphs[recorded.graph ?? ""] ?? []) {
    const found = weightOf(plan, tid);
    const difference = sameText(`weight of ${formatRecordedTid(tid)}`, String(weight), String(found));
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/**
 * The recorded order of priority must be one that the scheduler could give: heaviest first, by completion within the tasks of
 * one name. Which of equals comes first, and by completion in what order names come, is BitBake's own.
 */
function orderDifference(scenario: Scenario, recorded: ScenarioResult, { plan }: SimulatedStep): string | undefined {
  const priority = scenario.orders[recorded.order ?? ""]?.priority;
  if (!priority) return undefined;
  const groupOf = (tid: Tid): string => (scenario.scheduler === "completion" ? splitTid(tid).task : "");
  const groups = [...new Set(priority.map(groupOf))];
  const keyed = priority.map((tid) => ({
    tid,
    group: groups.indexOf(groupOf(tid)),
    weight: weightOf(plan, tid) ?? 0n,
  }));
  const order = [...keyed].sort((a, b) => a.group - b.group || Number(b.weight - a.weight));
  return sameOrder("order.priority", names(priority), names(order.map(({ tid }) => tid)));
}

function weightOf({ weights, indices }: SimulatedStep["plan"], tid: Tid): bigint | undefined {
  const index = indices.get(tid);
  return index === undefined ? undefined : weights.get(index);
}

function scenequeueDifference(scenario: Scenario, recorded: ScenarioResult, { plan }: SimulatedStep) {
  const queue = scenario.scenequeues[recorded.scenequeue ?? ""];
  if (queue === undefined) return undefined;
  const setscene = plan.tids.filter((_, i) => plan.setscene[i] === 1);
  const tids = (tasks: readonly number[]): readonly string[] => names(tasks.map((task) => plan.tids[task] as Tid));
  return first(
    () => sameSet("scenequeue", names([...queue.keys()]), names(setscene)),
    ...[...queue].map(([tid, { users, covers }]) => () => {
      const task = plan.indices.get(tid) as number;
      return first(
        () => sameSet(`users of ${formatRecordedTid(tid)}`, names(users), tids(findUsers(plan, task))),
        () => sameSet(`covers of ${formatRecordedTid(tid)}`, names(covers), tids(findCovers(plan, task))),
      );
    }),
  );
}

function startDifference({ start }: ScenarioResult, { plan, build }: SimulatedStep): string | undefined {
  if (start === undefined) return undefined;
  const found = lookedAt(build.events);
  const flagged = (flags: Uint8Array): readonly string[] => names(plan.tids.filter((_, i) => flags[i] === 1));
  return first(
    () => sameSet("start.unskippable", names(start.unskippable), flagged(plan.unskippable)),
    () => sameSet("start.cantskip", names(start.cantskip), flagged(plan.cantSkip)),
    () => sameSet("start.valid", names(start.valid), found.valid),
    () => sameSet("start.stamp_present", names(start.stamp_present), found.stampPresent),
    () => sameSet("start.noexec", names(start.noexec), found.noexec),
    () => sameSet("start.no_object", names(start.no_object), found.noObject),
    () => sameSet("start.deferred", pairs(start.deferred), found.deferred),
  );
}

/** What the log says of the first look at the setscene tasks. */
function lookedAt(events: readonly BuildEvent[]) {
  const at = events.findIndex((event) => event.type === "checked");
  const before = events.slice(0, at);
  const check = events[at];
  const deferred = new Map<Tid, Tid>();
  for (const event of before) if (event.type === "deferred") deferred.set(event.tid, event.to);
  const covered = (why: string): readonly string[] =>
    before.flatMap((event) =>
      event.type === "setscene-covered" && event.why === why ? [formatRecordedTid(event.tid)] : [],
    );
  const valid = check?.type === "checked" ? check.found : [];
  const asked = check?.type === "checked" ? check.asked.map(({ tid }) => tid) : [];
  return {
    valid: names(valid),
    noObject: names(asked.filter((tid) => !valid.includes(tid) && !deferred.has(tid))),
    stampPresent: covered("stamp-current"),
    noexec: covered("noexec"),
    deferred: pairs(deferred),
  };
}

function hashesEndDifference({ hashes_end: end }: ScenarioResult, { plan, hashes, build }: SimulatedStep) {
  if (end === undefined) return undefined;
  const expected = [...end].map(([tid, [taskhash, depid]]) => `${formatRecordedTid(tid)} ${taskhash} ${depid}`);
  const found = plan.tids.flatMap((tid, i) => {
    const { taskhash, depid } = build.state.hashes;
    const start = hashes.get(tid);
    if (start?.taskhash === taskhash[i] && start?.depid === depid[i]) return [];
    return [`${formatRecordedTid(tid)} ${taskhash[i]} ${depid[i]}`];
  });
  return sameSet("hashes_end", expected, found);
}

function statsOf({ build: { summary } }: SimulatedStep) {
  const { attempted, skipped, failed } = summary.tasks;
  const { total, setsceneTotal } = summary;
  return { total, completed: attempted - failed, skipped, failed, setscene_total: setsceneTotal };
}

function pairs(map: ReadonlyMap<Tid, Tid>): readonly string[] {
  return [...map].map(([tid, to]) => `${formatRecordedTid(tid)} -> ${formatRecordedTid(to)}`);
}

function names(tids: readonly Tid[]): readonly string[];
function names(tids: readonly Tid[] | undefined): readonly string[] | undefined;
function names(tids: readonly Tid[] | undefined): readonly string[] | undefined {
  return tids?.map(formatRecordedTid);
}
