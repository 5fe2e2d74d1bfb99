import { formatDuration } from "@depid/durations";
import type { ReplayDocument } from "@depid/replay/documents";
import { formatCount } from "./figures.ts";

type Policy = ReplayDocument["policies"][number];

type Costed = NonNullable<ReplayDocument["sensitivity"]>[number]["policies"][number];

/** What the page says first: one policy against the baseline. */
export interface Headline {
  readonly policy: string;
  readonly baseline: string;
  readonly saves: boolean;
  /** What is saved, or what it costs more: `35 h of 169 h`, or in tasks. */
  readonly amount: string;
  readonly share: string;
  /** The range if unsure labels are wrong; "" if that was not replayed. */
  readonly range: string;
}

/** The policies that no build can have, or that are known to reuse what is wrong. */
const UNREAL: readonly string[] = ["clairvoyant", "rebuild-all", "basic"];

/** The cheapest policy that a build can have, as the report chooses it; `undefined` where there is none to speak of. */
export function bestOf({ policies, unsound }: ReplayDocument): Policy | undefined {
  const real = policies.filter(({ name }) => !UNREAL.includes(name) && !unsound.some((it) => it.policy === name));
  return real.sort((a, b) => costOf(a) - costOf(b))[0];
}

/** @returns `undefined` where there is nothing to compare */
export function headlineOf(replay: ReplayDocument, best = bestOf(replay)): Headline | undefined {
  const { policies, steps, sensitivity } = replay;
  const find = (name: string) => policies.find((it) => it.name === name);
  const baseline = find("basichash") ?? find("rebuild-all");
  if (best === undefined || baseline === undefined || best === baseline || steps.length < 2) return undefined;
  const [before, after] = [costOf(baseline), costOf(best)];
  const isTime = best.time !== undefined && baseline.time !== undefined;
  const say = (cost: number) => (isTime ? formatDuration(Math.abs(cost)) : `${formatCount(Math.abs(cost))} tasks`);
  const savings = (sensitivity ?? []).flatMap(({ policies: others }) => {
    const [from, to] = [baseline, best].map(({ name }) => others.find((it) => it.name === name));
    return from === undefined || to === undefined ? [] : [costOf(from) - costOf(to)];
  });
  const [low, high] = [Math.min(...savings), Math.max(...savings)];
  return {
    policy: best.name,
    baseline: baseline.name,
    saves: after <= before,
    amount: `${say(before - after)} of ${say(before)}`,
    share: before === 0 ? "" : `${Math.round((100 * Math.abs(before - after)) / before)}%`,
    range: savings.length < 2 ? "" : `${signed(low, say)} to ${signed(high, say)}`,
  };
}

function signed(saving: number, say: (cost: number) => string): string {
  return saving < 0 ? `${say(saving)} more` : say(saving);
}

/** Serial seconds of executing and restoring; tasks executed where no seconds are known. */
function costOf({ sum, time }: Costed): number {
  if (time === undefined) return sum.executed;
  return time.sum.serial.executed + (time.sum.serial.restored ?? 0);
}
