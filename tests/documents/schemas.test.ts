import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "../../apps/simulator/src/testing/run-depid.ts";
import { formatSchema, SCHEMAS } from "../../scripts/schemas/list.ts";

const published = (name: string) => readFileSync(join(REPOSITORY, `docs/schemas/${name}.schema.json`), "utf8");

const META_MINI = "examples/meta-mini";
const HISTORY = `${META_MINI}/recorded/history.jsonl.gz`;
const BUILDS = `${META_MINI}/recorded/kept`;

describe("what commands print with --json", () => {
  it.each([...SCHEMAS.keys()])("has a JSON schema, %s, made of what types it (npm run schemas)", (name) => {
    expect(published(name)).toBe(formatSchema(SCHEMAS.get(name) as object));
  });

  it.each([
    ["depid-replay-1", "counts alone", ["replay", HISTORY]],
    [
      "depid-replay-1",
      "labels, durations and other outcome models",
      [
        "replay",
        HISTORY,
        "--outcomes",
        `labels:${META_MINI}/labels.yaml`,
        "--sensitivity",
        "--durations",
        `${BUILDS}/durations.csv`,
      ],
    ],
    [
      "depid-replay-1",
      "recorded outputs",
      [
        "replay",
        HISTORY,
        "--outcomes",
        `recorded:${BUILDS}/outhashes.jsonl.gz+${BUILDS}/equivalences.jsonl.gz,pessimistic`,
      ],
    ],
    ["depid-verify-1", "recorded builds", ["verify", HISTORY, `${BUILDS}/1.jsonl`, `${BUILDS}/2.jsonl`]],
  ])("is as %s says: %s", async (name, _what, args) => {
    const { stdout, stderr } = await runDepid(...args, "--json");
    expect(stderr).not.toMatch(/expected/);
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(published(name)));
    validate(JSON.parse(stdout));
    expect(validate.errors).toBeNull();
  });

  it("is not just anything", () => {
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(published("depid-replay-1")));
    expect(validate({ format: "depid-replay/1" })).toBe(false);
  });
});
