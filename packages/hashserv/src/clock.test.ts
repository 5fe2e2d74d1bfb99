import { describe, expect, it } from "vitest";
import { createClock, formatCreated } from "./clock.ts";

describe("formatCreated", () => {
  it.each([
    [1_769_860_800_123_456, "2026-01-31T12:00:00.123456+00:00"],
    [1_769_860_800_000_001, "2026-01-31T12:00:00.000001+00:00"],
    [1_769_860_800_000_000, "2026-01-31T12:00:00+00:00"],
  ])("writes %d microseconds as the reference does", (microseconds, text) => {
    expect(formatCreated(microseconds)).toBe(text);
  });
});

describe("createClock", () => {
  it("only goes forward, though the system's clock stands still or is set back", () => {
    const times = [5_000_000, 5_000_000, 1, 5_000_001, 9_000_000];
    const clock = createClock(() => times.shift() ?? 0);
    const seconds = Array.from({ length: 5 }, () => clock().slice(17, -6));
    expect(seconds).toEqual(["05", "05.000001", "05.000002", "05.000003", "09"]);
    expect(seconds).toEqual([...seconds].sort());
  });
});
