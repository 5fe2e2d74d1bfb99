import { describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

describe("a map of what was asked for lately", () => {
  it("keeps the latest, and what was asked for, and never more than it may", () => {
    const map = new RecentMap<number>(10);
    for (let i = 0; i < 100; i++) {
      map.set("m", `k${i}`, i);
      expect(map.get("m", "k0")).toBe(0);
    }
    const kept = Array.from({ length: 100 }, (_, i) => i).filter((i) => map.get("m", `k${i}`) !== undefined);
    expect(kept).toContain(99);
    expect(kept.length).toBeLessThanOrEqual(10);
  });

  it("tells keys apart by both texts, and forgets all when told", () => {
    const map = new RecentMap<number>(10);
    map.set("a", "bc", 1);
    expect(map.get("ab", "c")).toBeUndefined();
    expect(map.get("a", "bc")).toBe(1);
    map.clear();
    expect(map.get("a", "bc")).toBeUndefined();
  });
});
