import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const PACKAGES = join(import.meta.dirname, "../packages");
const LOG_AS_JSON = 'console.log = (value) => process.stdout.write(JSON.stringify(value) + "\\n");\n';

describe("the example in a package's README runs and prints what its comments say", () => {
  it.each(["task-graph", "siggen", "replay", "compare", "bitbake", "durations", "hash"])("%s", async (name) => {
    const readme = await readFile(join(PACKAGES, name, "README.md"), "utf8");
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
    const expected = [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) =>
      JSON.parse(match[1] ?? ""),
    );
    expect(expected.length).toBeGreaterThan(0);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@depid/source", "--import", "tsx", "--input-type=module", "-e", LOG_AS_JSON + example],
      { cwd: join(PACKAGES, name) },
    );
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(expected);
  });
});
