import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isOutHashVector, parseOutHashVector } from "./outhash-vector.ts";
import { checkOutHashVector } from "./outhash-vector-check.ts";

const FOLDER = fileURLToPath(new URL("../../../fixtures/outhash/", import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(`${FOLDER}${file}`, "utf8")) as Record<string, unknown>;
const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));

describe("recorded output hash vectors", () => {
  it("there are some", () => expect(files.length).toBeGreaterThan(20));
  it.each(files)("%s agrees", async (file) => {
    expect(isOutHashVector(read(file))).toBe(true);
    expect(await checkOutHashVector(parseOutHashVector(read(file)))).toEqual({ verdict: "agrees" });
  });
});
