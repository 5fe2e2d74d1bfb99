import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { validateAction } from "@action-validator/core";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PROGRAMS, REPOSITORY } from "./programs.ts";

const ACTION = readFileSync(join(REPOSITORY, "ci/github/predict/action.yml"), "utf8");
const TEMPLATE = readFileSync(join(REPOSITORY, "ci/gitlab/predict.yml"), "utf8");
const RECORDED = join(REPOSITORY, "examples/meta-mini/recorded");

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly id: string;
      readonly shell: string;
      readonly env: Readonly<Record<string, string>>;
      readonly run: string;
    }[];
  };
}

interface Template {
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts: { readonly when: string; readonly paths: readonly string[] };
}

/** A checkout with the captures that a job has, and a `depid` in PATH: the program, as an installed one is run. */
let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "depid ci-"));
  cpSync(join(RECORDED, "before.jsonl.gz"), join(checkout, "the base.jsonl.gz"));
  cpSync(join(RECORDED, "after.jsonl.gz"), join(checkout, "head.jsonl.gz"));
  cpSync(join(RECORDED, "kept/durations.csv"), join(checkout, "durations.csv"));
  const program = [
    process.execPath,
    "--conditions=@depid/source",
    "--import",
    createRequire(import.meta.url).resolve("tsx"),
    join(REPOSITORY, PROGRAMS.depid),
  ];
  writeFileSync(join(checkout, "depid"), `#!/bin/sh\nexec ${program.map((it) => `'${it}'`).join(" ")} "$@"\n`, {
    mode: 0o755,
  });
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** Runs a job's script as a file of its own: what CI runs with these shells. */
function runScript([shell = "", ...flags]: readonly string[], script: string, env: Readonly<Record<string, string>>) {
  writeFileSync(join(checkout, "script"), script);
  const { status, stdout, stderr } = spawnSync(shell, [...flags, join(checkout, "script")], {
    cwd: checkout,
    encoding: "utf8",
    env: { PATH: `${checkout}${delimiter}${process.env.PATH}`, ...env },
  });
  return { status, stdout, stderr };
}

const read = (name: string) => readFileSync(join(checkout, name), "utf8");

const KNOWN = {
  base: "the base.jsonl.gz",
  head: "head.jsonl.gz",
  durations: "durations.csv",
};
const SENTENCE = "minilib changes (comment or white space): with equivhash about 12 s (14 tasks), 12 s to 15 s";

describe("the GitHub action", () => {
  const action: Action = parse(ACTION);
  const [step] = action.runs.steps as [Action["runs"]["steps"][number]];

  it("is right by GitHub's schema of actions, which finds a fault in one that is not", () => {
    expect(validateAction(ACTION).errors).toEqual([]);
    expect(validateAction(ACTION.replace("shell: bash", "shel: bash")).errors).not.toEqual([]);
  });

  /** What a workflow says with `with`, and the defaults of what it leaves out, put into texts as GitHub's own evaluator does. */
  function runAction(given: Readonly<Record<string, string>>) {
    const missing = Object.entries(action.inputs).find(([name, { required }]) => required && given[name] === undefined);
    expect(missing).toBe(undefined);
    const inputs = Object.entries(action.inputs).map(([key, { default: value = "" }]) => ({
      key,
      value: new data.StringData(given[key] ?? value),
    }));
    const context = new data.Dictionary({ key: "inputs", value: new data.Dictionary(...inputs) });
    const settle = (text: string): string =>
      text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
        const parsed = new Parser(new Lexer(expression).lex().tokens, ["inputs"], []).parse();
        return new Evaluator(parsed, context).evaluate().coerceString();
      });
    const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, settle(text)]));
    expect(step.run).not.toContain("${{"); // what others wrote never becomes a part of a script
    for (const name of ["summary", "output"]) writeFileSync(join(checkout, name), "");
    return runScript(["bash", "--noprofile", "--norc", "-eo", "pipefail"], step.run, {
      ...env,
      GITHUB_STEP_SUMMARY: join(checkout, "summary"),
      GITHUB_OUTPUT: join(checkout, "output"),
    });
  }

  it("is one step of bash that writes the comment into the summary, says in which file it is, and passes within the limit", () => {
    expect([action.runs.using, action.runs.steps.length, step.shell]).toEqual(["composite", 1, "bash"]);
    const { status, stderr } = runAction({ ...KNOWN, "fail-above": "4" });
    expect(status, stderr).toBe(0);
    expect(read("summary")).toContain(SENTENCE);
    expect(read("summary")).toContain("Within the limit of 4 h for equivhash.");
    expect(read("output")).toBe("markdown=depid-predict.md\n");
    expect(read("depid-predict.md")).toBe(read("summary"));
    expect(action.outputs.markdown?.value).toBe(`\${{ steps.${step.id}.outputs.markdown }}`);
  });

  it("fails above the limit, with the comment written", () => {
    expect(runAction({ ...KNOWN, "fail-above": "0.001" }).status).toBe(1);
    expect(read("summary")).toContain("ABOVE the limit of 0.001 h for equivhash.");
    expect(read("output")).toBe("markdown=depid-predict.md\n");
  });

  it("fails with what is wrong where a build is missing, whatever its name holds", () => {
    const { status, stderr } = runAction({ ...KNOWN, base: "$(touch made); `touch made` 'x" });
    expect(status).toBe(2);
    expect(stderr).toContain("depid: $(touch made); `touch made` 'x: ");
    expect(() => read("made")).toThrow("ENOENT");
  });
});

describe("the GitLab template", () => {
  const job = (parse(TEMPLATE) as Readonly<Record<string, Template>>)[".depid-predict"] as Template;
  const runJob = (shell: string, given: Readonly<Record<string, string>>) =>
    runScript([shell, "-e"], job.script.join("\n"), { ...job.variables, ...given });
  const GIVEN = { DEPID_BASE: KNOWN.base, DEPID_HEAD: KNOWN.head, DEPID_DURATIONS: KNOWN.durations };

  it("prints the comment and keeps it, whether the job passes or, above the limit, not", () => {
    const { status, stdout, stderr } = runJob("bash", { ...GIVEN, DEPID_FAIL_ABOVE: "0.001" });
    expect(status, stderr).toBe(1);
    expect(stdout).toContain(SENTENCE);
    expect(read(job.artifacts.paths[0] as string)).toBe(stdout);
    expect(job.artifacts.when).toBe("always");
  });

  it("counts tasks where no durations are given, also in an image whose shell is no bash", () => {
    const { status, stdout } = runJob("sh", { ...GIVEN, DEPID_DURATIONS: "" });
    expect(stdout).toContain("with equivhash 14 tasks, 14 to 25");
    expect(status).toBe(0);
  });

  it("fails with what is wrong where a build is missing", () => {
    expect(runJob("sh", { ...GIVEN, DEPID_HEAD: "gone.jsonl.gz" })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("depid: gone.jsonl.gz: "),
    });
  });
});
