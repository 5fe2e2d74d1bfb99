import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const PACKAGES = join(ROOT, "packages");
const run = promisify(execFile);

/** What examples are given and do not make themselves; those that run with it are tests of their packages. */
const GIVEN: Readonly<Record<string, string>> = {
  doctor: `declare const files: Iterable<Parameters<SstateSurveyor["add"]>[0]>;`,
  hashserv: `import type { DepId, TaskHash } from "@depid/hash";
declare const database: string;
declare const one: DepId & TaskHash;
declare const two: DepId & TaskHash;`,
  "hashserv-client": `import type { DepId, OutHash, TaskHash } from "@depid/hash";
declare const address: string;
declare const taskhash: TaskHash;
declare const outhash: OutHash;
declare const depid: DepId;`,
  sstate: `import type { DepId } from "@depid/hash";
declare const directory: string;
declare const depid: DepId;`,
};

const readmes = await Promise.all(
  (await readdir(PACKAGES))
    .sort()
    .map(async (name) => [name, await readFile(join(PACKAGES, name, "README.md"), "utf8")] as const),
);

/** Blocks of TypeScript in the READMEs of packages, by the name of the package. */
function readExamples(): ReadonlyMap<string, string> {
  const examples = new Map<string, string>();
  for (const [name, readme] of readmes) {
    const [example, ...more] = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? "");
    expect([name, more]).toEqual([name, []]);
    if (example !== undefined) examples.set(name, example);
  }
  return examples;
}

const examples = readExamples();
/** What `console.log(…); // VALUE` says that it prints. */
const promisedBy = (example: string) =>
  [...example.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text ?? "");
const shown = [...examples].filter(([name, example]) => GIVEN[name] === undefined && promisedBy(example).length > 0);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-readme-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const [name, example] of examples)
    await writeFile(join(folder, `${name}.ts`), `${example}${GIVEN[name] ?? ""}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** What the compiler says against files in the folder, a line each. */
async function compile(names: readonly string[]): Promise<readonly string[]> {
  const config = {
    extends: join(ROOT, "tsconfig.base.json"),
    compilerOptions: {
      noEmit: true,
      noUnusedLocals: false,
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules/@types")],
    },
    files: names.map((name) => `${name}.ts`),
  };
  const project = join(folder, "tsconfig.json");
  await writeFile(project, JSON.stringify(config));
  const { stdout } = await run(join(ROOT, "node_modules/.bin/tsc"), ["-p", project, "--pretty", "false"], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("the READMEs of packages", () => {
  it.each([...readmes])("of %s leads to the pages of what it exports", (name, readme) => {
    expect(readme).toContain(`(../../docs/api/modules/_depid_${name}.html)`);
  });
});

describe("the examples in READMEs of packages", () => {
  it("compile as they are written", async () => {
    expect(examples.size).toBeGreaterThan(10);
    expect(await compile([...examples.keys()])).toEqual([]);
  });

  it("would be told if they did not", async () => {
    await writeFile(
      join(folder, "wrong.ts"),
      'import { parseTid } from "@depid/hash";\nparseTid("x") satisfies number;\n',
    );
    expect(await compile(["wrong"])).toEqual([expect.stringMatching(/^wrong\.ts\(2,\d+\): error TS1360: /)]);
  });

  it.each(shown)("of %s prints what its comments say", async (name, example) => {
    const printed: unknown[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((value) => void printed.push(value));
    const directory = process.cwd();
    process.chdir(join(PACKAGES, name));
    try {
      await import(join(folder, `${name}.ts`));
    } finally {
      process.chdir(directory);
      log.mockRestore();
    }
    expect(printed).toEqual(promisedBy(example).map((text) => JSON.parse(text)));
  });
});
