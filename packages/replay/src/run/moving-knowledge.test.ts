import { type DepId, parseDepId, parseOutHash, parseTaskHash, sha256Hex } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { MovingKnowledge } from "./moving-knowledge.ts";

const task = (name: string) => parseTaskHash(sha256Hex(name));
const out = (name: string) => parseOutHash(sha256Hex(`out ${name}`));
const own = (name: string): DepId => parseDepId(sha256Hex(name));

describe("a map whose entries may move", () => {
  it("moves a taskhash when it is reported with an output that another has, and not back by a report it knows", () => {
    const map = new MovingKnowledge();
    expect(map.tell(task("a"), out("x"), own("a"))).toBe(own("a"));
    expect(map.tell(task("b"), out("y"), own("b"))).toBe(own("b"));
    expect(map.tell(task("b"), out("x"), own("b"))).toBe(own("a"));
    expect(map.depIdOf(task("b"))).toBe(own("a"));
    expect(map.tell(task("b"), out("y"), own("a"))).toBe(own("a"));
    expect(map.tell(task("b"), out("z"), own("a"))).toBe(own("a"));
  });

  it("gives a new taskhash the present depid of the oldest one with its output", () => {
    const map = new MovingKnowledge();
    map.tell(task("a"), out("x"), own("a"));
    map.tell(task("b"), out("y"), own("b"));
    map.tell(task("b"), out("x"), own("b"));
    expect(map.tell(task("c"), out("y"), own("c"))).toBe(own("a"));
  });

  it("leaves no trace in the one that it was begun over", () => {
    const map = new MovingKnowledge();
    map.tell(task("a"), out("x"), own("a"));
    map.tell(task("b"), out("y"), own("b"));
    const over = map.over();
    expect(over.tell(task("b"), out("x"), own("b"))).toBe(own("a"));
    expect([over.depIdOf(task("b")), map.depIdOf(task("b"))]).toEqual([own("a"), own("b")]);
    expect(map.tell(task("c"), out("y"), own("c"))).toBe(own("b"));
  });
});
