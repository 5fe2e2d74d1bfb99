import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createToken, hashToken, isToken } from "./token.ts";

const stored = (algorithm: string, name: string, salt: string, token: string) =>
  `${algorithm}:${salt}:${createHash(name).update(salt).update(token).digest("hex")}`;

describe("a token", () => {
  it("handed out has 64 characters of the reference's alphabet, and is another each time", () => {
    const tokens = Array.from({ length: 100 }, createToken);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9._]{64}$/);
    expect(new Set(tokens).size).toBe(100);
  });

  it("is stored with a salt, as the reference reads it", () => {
    expect(hashToken("x")).toMatch(/^sha256:[0-9a-f]{16}:[0-9a-f]{64}$/);
    expect(hashToken("x")).not.toBe(hashToken("x"));
    expect(isToken("x", hashToken("x"))).toBe(true);
    expect(isToken("y", hashToken("x"))).toBe(false);
  });

  it.each([
    ["sha256", "sha256", ""],
    ["sha1", "sha1", "any salt ä"],
    ["sha3_512", "sha3-512", "0"],
    ["blake2b", "blake2b512", "0"],
    ["blake2s", "blake2s256", "0"],
    ["md5", "md5", "0"],
  ])("stored with %s, of Python's names, is known again", (algorithm, name, salt) => {
    expect(isToken("tokén", stored(algorithm, name, salt, "tokén"))).toBe(true);
    expect(isToken("token", stored(algorithm, name, salt, "tokén"))).toBe(false);
  });

  it.each(["", "broken", "sha256:", "sha256::", "shake_128:0:00", "none:0:00", `sha256:0:${"0".repeat(64)}`])(
    "stored as %j is nobody's",
    (text) => {
      expect(isToken("", text)).toBe(false);
    },
  );

  it("of nobody is none", () => {
    expect(isToken("", undefined)).toBe(false);
  });
});
