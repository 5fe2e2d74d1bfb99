import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ReportJournal } from "../../storage/sqlite/journal.ts";
import { KnownReader } from "../../storage/write-behind/known.ts";
import { KINDS } from "./kinds.ts";
import { type Kind, type LifeCounts, live, type Plan, type Request } from "./life.ts";
import type { Question, Step } from "./steps.ts";
import { World } from "./world.ts";

/** Lives of each kind; `npm run lives` has more of them. */
const { DEPID_LIVES, DEPID_LIFE } = process.env;
const LIVES = Number(DEPID_LIVES ?? 25);
/** A life to be lived again, as its failure named it: seed and path. */
const [seed, path] = DEPID_LIFE?.split(" ") ?? [];
const AGAIN = seed === undefined || path === undefined ? {} : { seed: Number(seed), path };

const taskhashes = ["t0", "t1", "t2", "t3"].map(sha256Hex);
const depids = ["d0", "d1", "d2"].map((name) => parseDepId(sha256Hex(name)));
const outhashes = ["o0", "o1", "o2"];
const taskhash = fc.constantFrom(...taskhashes);
const outhash = fc.constantFrom(...outhashes);
const depid = fc.constantFrom(...depids);

const type = <const T extends string>(name: T) => fc.constant(name);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: type("report"), taskhash, outhash, depid }) },
  { weight: 4, arbitrary: fc.record({ type: type("equivalence"), taskhash, depid }) },
  // Each is one transaction: what takes several is no single step to others.
  { weight: 1, arbitrary: fc.record({ type: type("remove"), where: fc.record({ outhash }) }) },
  { weight: 1, arbitrary: fc.record({ type: type("remove"), where: fc.record({ depid }) }) },
  { weight: 1, arbitrary: fc.record({ type: type("clean") }) },
  { weight: 3, arbitrary: fc.record({ type: type("depid"), taskhash }) },
  { weight: 1, arbitrary: fc.record({ type: type("exists"), depid }) },
  { weight: 1, arbitrary: fc.record({ type: type("oldest of task"), taskhash }) },
  { weight: 1, arbitrary: fc.record({ type: type("oldest of output"), outhash }) },
  { weight: 1, arbitrary: fc.record({ type: type("oldest record"), outhash }) },
);
const request: fc.Arbitrary<Request> = fc.record({ step, server: fc.nat({ max: 1 }) });
const turn = fc.array(request, { minLength: 1, maxLength: 3 });

const last: readonly Question[] = [
  ...taskhashes.map((taskhash) => ({ type: "depid", taskhash }) as const),
  ...taskhashes.map((taskhash) => ({ type: "oldest of task", taskhash }) as const),
  ...outhashes.flatMap((outhash) => [
    { type: "oldest of output", outhash } as const,
    { type: "oldest record", outhash } as const,
  ]),
];
/** Often soon: a life with few requests is over after some twenty interludes. */
const after = fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 120 }));
const plan: fc.Arbitrary<Plan> = fc.record({
  clients: fc.array(fc.array(turn, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
  ends: fc.array(fc.record({ how: fc.constantFrom("kill", "close"), after }), { maxLength: 3 }),
  last: fc.constant(last),
});

const folder = mkdtempSync(join(tmpdir(), "hashserv-lives-"));
let lives = 0;
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The property, and what was counted over all lives. */
function lifeOf(kind: Kind) {
  const sums = { lives: 0, calls: 0, steps: 0, kills: 0, unanswered: 0 };
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.infiniteStream(fc.nat({ max: 99 })),
    plan,
    async (scheduler, chance, planned) => {
      const own = join(folder, `${lives++}`);
      mkdirSync(own, { recursive: true });
      try {
        const world = new World(scheduler, () => chance.next().value);
        const counts = await live(world, kind, own, planned);
        sums.lives++;
        for (const key of Object.keys(counts) as (keyof LifeCounts)[]) sums[key] += counts[key];
        if (DEPID_LIVES !== undefined && (sums.lives % 500 === 0 || sums.lives === LIVES)) console.log(sums);
      } finally {
        rmSync(own, { recursive: true });
      }
    },
  );
  return { property, sums };
}

describe.each(Object.entries(KINDS))("%s", (_name, kind) => {
  it("answers as plain lists would, one request after another, in whatever order all goes, closed and killed", async () => {
    const { property, sums } = lifeOf(kind);
    // The scheduler has no smaller orders to try.
    await fc.assert(property, { numRuns: LIVES, endOnFailure: true, ...AGAIN });
    expect(sums.kills).toBeGreaterThan(0);
  });
});

describe("lives show", () => {
  afterEach(() => void vi.restoreAllMocks());

  const findFault = () => {
    const { property } = lifeOf(KINDS["a server that writes behind"] as Kind);
    return fc.check(property, { numRuns: 2_000, endOnFailure: true });
  };

  it("a filter that is not told of what is declared", async () => {
    const { inserting } = KnownReader.prototype;
    vi.spyOn(KnownReader.prototype, "inserting").mockImplementation(function (this: KnownReader, row) {
      if ("outhash" in row) inserting.call(this, row);
    });
    const { failed, errorInstance } = await findFault();
    expect(failed).toBe(true);
    expect(String(errorInstance)).toContain("no order of these calls gives their answers");
  });

  it("a journal that is not read", async () => {
    vi.spyOn(ReportJournal.prototype, "readLeft").mockReturnValue([]);
    const { failed, errorInstance } = await findFault();
    expect(failed).toBe(true);
    expect(String(errorInstance)).toContain("no order of these calls gives their answers");
  });
});
