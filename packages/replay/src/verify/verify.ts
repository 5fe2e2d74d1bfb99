import { byCodePoint, HASH_PATTERN, type Tid } from "@depid/hash";
import { type BuildEvent, formatEvent } from "@depid/runqueue";

/** What a real build ran, by tid. */
export interface RealBuild {
  /** Names it in reports. */
  readonly source: string;
  readonly executed: ReadonlySet<Tid>;
  readonly restored: ReadonlySet<Tid>;
}

/** What a simulated build ran: the prediction, and the same step as it might go as well. */
export interface PredictedBuild {
  readonly executed: readonly Tid[];
  readonly restored: readonly Tid[];
  readonly samples: readonly { readonly executed: readonly Tid[]; readonly restored: readonly Tid[] }[];
  readonly events: readonly BuildEvent[];
}

/** The two kinds of task runs that are compared. */
export type RunKind = "executed" | "restored";

export const RUN_KINDS: readonly RunKind[] = ["executed", "restored"];

/** How two sets agree. */
export interface Agreement {
  readonly both: number;
  readonly onlyPredicted: number;
  readonly onlyReal: number;
}

/** A task in which prediction and recording differ. */
export interface Discrepancy {
  readonly tid: Tid;
  readonly kind: RunKind;
  readonly how: "only predicted" | "only real";
  /**
   * Whether it is outside both spreads: no sample of the prediction has it as the recordings do, and no recording as the samples do. With one
   * recording and no samples that is each discrepancy.
   */
  readonly outside: boolean;
  /** What the simulation saw of the task, a line each, the last first to be read. */
  readonly saw: readonly string[];
}

/** One recording of a step against its prediction. */
export interface VerifiedBuild {
  readonly source: string;
  readonly agreement: Readonly<Record<RunKind, Agreement>>;
  readonly discrepancies: readonly Discrepancy[];
}

/** Holds recordings of one step against its prediction. */
export function verifyStep(predicted: PredictedBuild, real: readonly RealBuild[]): readonly VerifiedBuild[] {
  const spreads = Object.fromEntries(
    RUN_KINDS.map((kind) => [
      kind,
      {
        predicted: countRuns([predicted, ...predicted.samples].map((it) => it[kind])),
        real: countRuns(real.map((it) => it[kind])),
      },
    ]),
  ) as Record<RunKind, { readonly predicted: Map<Tid, number>; readonly real: Map<Tid, number> }>;
  const samples = predicted.samples.length + 1;
  const isOutside = (kind: RunKind, tid: Tid): boolean => {
    const [inPrediction, inReality] = [spreads[kind].predicted.get(tid) ?? 0, spreads[kind].real.get(tid) ?? 0];
    return (inPrediction === samples && inReality === 0) || (inPrediction === 0 && inReality === real.length);
  };
  return real.map((build) => {
    const agreement = {} as Record<RunKind, Agreement>;
    const discrepancies: Discrepancy[] = [];
    for (const kind of RUN_KINDS) {
      const expected = new Set(predicted[kind]);
      const found = build[kind];
      const onlyPredicted = [...expected].filter((tid) => !found.has(tid));
      const onlyReal = [...found].filter((tid) => !expected.has(tid));
      agreement[kind] = {
        both: expected.size - onlyPredicted.length,
        onlyPredicted: onlyPredicted.length,
        onlyReal: onlyReal.length,
      };
      for (const [how, tids] of [
        ["only predicted", onlyPredicted],
        ["only real", onlyReal],
      ] as const) {
        for (const tid of [...tids].sort(byCodePoint)) {
          discrepancies.push({ tid, kind, how, outside: isOutside(kind, tid), saw: [] });
        }
      }
    }
    return { source: build.source, agreement, discrepancies: withEvents(discrepancies, predicted.events) };
  });
}

/** Tasks that ran in the prediction and in every sample, and tasks that ran in some of them; both by code point. */
export function envelopeOf(
  { samples, ...predicted }: Pick<PredictedBuild, "executed" | "restored" | "samples">,
  kind: RunKind,
): { readonly always: readonly Tid[]; readonly sometimes: readonly Tid[] } {
  const counts = countRuns([predicted, ...samples].map((it) => it[kind]));
  const tids = [...counts.keys()].sort(byCodePoint);
  const isAlways = (tid: Tid): boolean => counts.get(tid) === samples.length + 1;
  return { always: tids.filter(isAlways), sometimes: tids.filter((tid) => !isAlways(tid)) };
}

export const NO_AGREEMENT: Agreement = { both: 0, onlyPredicted: 0, onlyReal: 0 };

export function addAgreements(a: Agreement, b: Agreement): Agreement {
  return {
    both: a.both + b.both,
    onlyPredicted: a.onlyPredicted + b.onlyPredicted,
    onlyReal: a.onlyReal + b.onlyReal,
  };
}

/** How much of what was predicted was real; `undefined` where nothing was predicted. */
export function precisionOf({ both, onlyPredicted }: Agreement): number | undefined {
  return both + onlyPredicted === 0 ? undefined : both / (both + onlyPredicted);
}

/** How much of what was real was predicted; `undefined` where nothing was real. */
export function recallOf({ both, onlyReal }: Agreement): number | undefined {
  return both + onlyReal === 0 ? undefined : both / (both + onlyReal);
}

/** Events that follow from what was decided. */
const ASIDE: ReadonlySet<BuildEvent["type"]> = new Set(["finished", "stored", "reported", "deferred"]);

const HASHES = new RegExp(`\\b${HASH_PATTERN}\\b`, "g");

function shortenHashes(line: string): string {
  return line.replace(HASHES, (hash) => hash.slice(0, 8));
}

function countRuns(builds: readonly Iterable<Tid>[]): Map<Tid, number> {
  const counts = new Map<Tid, number>();
  for (const build of builds) for (const tid of new Set(build)) counts.set(tid, (counts.get(tid) ?? 0) + 1);
  return counts;
}

/** Reads the log once, however many tasks differ. */
function withEvents(discrepancies: readonly Discrepancy[], events: readonly BuildEvent[]): readonly Discrepancy[] {
  if (discrepancies.length === 0) return discrepancies;
  const saw = new Map<Tid, string[]>(discrepancies.map(({ tid }) => [tid, []]));
  for (const event of events) {
    if ("tid" in event && !ASIDE.has(event.type)) saw.get(event.tid)?.push(shortenHashes(formatEvent(event)));
  }
  return discrepancies.map((it) => ({ ...it, saw: saw.get(it.tid) ?? [] }));
}
