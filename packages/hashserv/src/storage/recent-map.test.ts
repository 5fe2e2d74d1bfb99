import { describe, expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

describe("a map of what was asked for lately", () => {
  it("has the latest entries and never more than it may", () => {
    const map = new RecentMap<number>(10);
    for (let i = 0; i < 100; i++) {
      map.set("m", `k${i}`, i);
      expect(map.get("m", `k${i}`)).toBe(i);
    }
    const kept = Array.from({ length: 100 }, (_, i) => map.get("m", `k${i}`)).filter((value) => value !== undefined);
    expect(kept.length).toBeLessThanOrEqual(10);
  });

  it("tells keys apart by both texts, and forgets all when told", () => {
    const map = new RecentMap<number>(10);
    map.set("a", "bc", 1);
    map.set("\u0161", "x", 2);
    expect(map.get("ab", "c")).toBeUndefined();
    expect(map.get("a", "x")).toBeUndefined();
    expect(map.get("a", "bc")).toBe(1);
    map.clear();
    expect(map.get("a", "bc")).toBeUndefined();
  });
});
