import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const text = await readFile(join(import.meta.dirname, "../../package-lock.json"), "utf8");
const packages: Record<string, { readonly optionalDependencies?: Record<string, string>; readonly resolved?: string }> =
  JSON.parse(text).packages;

describe("package-lock.json", () => {
  it("has the binaries of every platform, or npm ci refuses it (to mend: node scripts/complete-lockfile.mjs)", () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });

  it("names no registry host", () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved?.includes("://"))).toEqual([]);
  });
});
