import { describe, expect, it } from "vitest";
import { ObjectNumbers } from "../run/object-numbers.ts";
import { parseTopology } from "../topology/parse-topology.ts";
import type { TopologyBuilder } from "../topology/topology.ts";
import { type Content, ContentPool } from "../truth/content.ts";
import type { BuilderContents } from "../truth/truth.ts";
import { SiteCaches } from "./site-caches.ts";

const contentOf = (text: string): Content => ({ output: text, outward: text });

/** Caches of which builder `a` writes in `farm`, and `b` in a cache of its own, with a mirror of `farm`. */
function open(caches: string) {
  const { builders, ...site } = parseTopology(
    `format: depid-topology/1
builders: [{ name: a, kind: fresh, sstate: farm }, { name: b, kind: fresh, sstate: own, mirrors: [copy] }]
caches: [${caches}, { name: own }]
`,
    "t",
  );
  const contents = { pool: new ContentPool() } as unknown as BuilderContents;
  const objects = new ObjectNumbers();
  for (let number = 0; number < 8; number++) objects.of(`object ${number}`);
  const all = new SiteCaches({ objects, contents, bytesOf: () => 1 }, site);
  const [a, b] = builders.map((it) => all.of(it as TopologyBuilder));
  return { all, a: a as NonNullable<typeof a>, b: b as NonNullable<typeof b> };
}

describe("a mirror", () => {
  it.each([1, 2])("that is %i steps behind has what its cache had when that step was over", (behind) => {
    const { all, a, b } = open(`{ name: farm }, { name: copy, mirror_of: farm, behind: ${behind} }`);
    const seen = [0, 1, 2, 3].map((step) => {
      all.begin(step);
      a.put(step, contentOf(`${step}`));
      const there = [0, 1, 2, 3].filter((it) => b.get(it) !== undefined);
      all.end(step);
      return there.length;
    });
    expect(seen).toEqual([0, 1, 2, 3].map((step) => Math.max(0, step - behind + 1)));
  });

  it("loses what its cache loses, as many steps later", () => {
    const { all, a, b } = open(
      "{ name: farm, prune: { rule: age, steps: 1 } }, { name: copy, mirror_of: farm, behind: 2 }",
    );
    const seen = [0, 1, 2, 3, 4].map((step) => {
      all.begin(step);
      if (step === 0) a.put(7, contentOf("7"));
      const there = [a.get(7) !== undefined, b.get(7) !== undefined];
      all.end(step);
      return there;
    });
    // Pruned at the end of step 1.
    expect(seen).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, false],
      [false, false],
    ]);
  });

  it("is looked at for what a builder's own cache has not: what is restored is kept there, what is only looked at is not", () => {
    const { all, a, b } = open("{ name: farm }, { name: copy, mirror_of: farm }");
    all.begin(0);
    a.put(1, contentOf("1"));
    a.put(2, contentOf("2"));
    all.end(0);
    all.begin(1);
    expect([b.get(1), b.get(2), b.get(3)]).toEqual([contentOf("1"), contentOf("2"), undefined]);
    expect([...all.numbersIn("own")]).toEqual([]);
    expect(b.use(1)).toEqual(contentOf("1"));
    expect([...all.numbersIn("own")]).toEqual([1]);
    expect(b.holds(2)).toBe(false);
  });

  it("takes nothing: what its builder makes is in the builder's own cache, also where the mirror has one of that name", () => {
    const { all, a, b } = open("{ name: farm }, { name: copy, mirror_of: farm }");
    all.begin(0);
    a.put(1, contentOf("farm's"));
    all.end(0);
    all.begin(1);
    expect(b.put(1, contentOf("own"))).toEqual(contentOf("own"));
    expect([b.get(1), a.get(1)]).toEqual([contentOf("own"), contentOf("farm's")]);
  });
});
