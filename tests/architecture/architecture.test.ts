import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ARROWS, NODE_PACKAGES } from "./house.ts";
import {
  declaresNoCircles,
  errorsHaveOneBase,
  exportsSources,
  followsArrows,
  followsRooms,
  hasNoCircles,
  importsDeclared,
  importsExported,
  isBrowserSafe,
  keepsTestSupport,
  type Rule,
  staysInside,
  usesDeclared,
  type Workspace,
} from "./rules.ts";
import { parseSource } from "./source.ts";
import { type Manifest, readTools, readWorkspace } from "./workspace.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const house: Workspace = { packages: readWorkspace(ROOT), tools: readTools(ROOT) };

describe("the house", () => {
  it("has the packages that the arrows name", () => {
    expect(house.packages.map(({ name }) => name).sort()).toEqual(Object.keys(ARROWS).sort());
    expect(Object.keys(ARROWS)).toEqual(expect.arrayContaining([...NODE_PACKAGES]));
  });

  it.each<[string, Rule]>([
    ["an import of another package follows the arrows", followsArrows],
    ["and so does one of another room of its package", followsRooms],
    ["a package imports what its package.json declares", importsDeclared],
    ["a package uses what its package.json declares", usesDeclared],
    ["packages do not depend on each other, not even for tests", declaresNoCircles],
    ["what a package exports is there", exportsSources],
    ["another package's insides are not imported", importsExported],
    ["test support is imported by tests alone", keepsTestSupport],
    ["relative imports stay in the package", staysInside],
    ["files do not import each other", hasNoCircles],
    ["what runs in a browser does not reach for Node", isBrowserSafe],
    ["errors have one base", errorsHaveOneBase],
  ])("%s", (_name, rule) => {
    expect(rule(house)).toEqual([]);
  });
});

/** A workspace with one package of some sources, and `@depid/hashserv-client` beside it. */
function workspaceOf(sources: Readonly<Record<string, string>>, manifest: Partial<Manifest> = {}): Workspace {
  const pkg = (name: string, files: typeof sources, more: Partial<Manifest>) => ({
    folder: `packages/${name}`,
    name,
    manifest: { name: `@depid/${name}`, exports: { ".": "./src/index.ts" }, ...more },
    sources: new Map(Object.entries(files).map(([file, text]) => [file, parseSource(file, text)])),
  });
  return {
    packages: [
      pkg("siggen", sources, manifest),
      pkg("hashserv-client", {}, { dependencies: { "@depid/hash": "0.1.0" } }),
    ],
    tools: ["vitest"],
  };
}

const CLIENT = "@depid/hashserv-client";

describe("a rule that is broken", () => {
  it.each([
    ["an import", `import { connect } from "${CLIENT}";`],
    ["an import of a type", `import type { Client } from "${CLIENT}";`],
    ["a type in place", `let client: import("${CLIENT}").Client;`],
    ["a re-export", `export * from "${CLIENT}";`],
    ["a re-export by name", `export { connect } from "${CLIENT}";`],
    ["a dynamic import", `await import("${CLIENT}");`],
    ["an import by assignment", `import client = require("${CLIENT}");`],
    ["an import by a path", `import { Client } from "${CLIENT}/src/client.ts";`],
  ])("is told with file and line: %s against the arrows", (_what, source) => {
    const workspace = workspaceOf({ "src/a.ts": `\n${source}\n` });
    expect(followsArrows(workspace)).toEqual(["packages/siggen/src/a.ts:2: siggen must not import hashserv-client"]);
  });

  it("is told with file and line: an error for others that is an Error alone", () => {
    const source = "class Enough extends Error {}\nexport class BadError extends Error {}\n";
    const told = ["packages/siggen/src/a.ts:2: BadError must extend DepidError"];
    expect(errorsHaveOneBase(workspaceOf({ "src/a.ts": source }))).toEqual(told);
  });

  it("is told when a module is not declared, unless a test imports a tool", () => {
    const source = 'import { it } from "vitest"; import { z } from "zod/v4"; import { y } from "@scope/y/z";';
    const told = (file: string, ...modules: readonly string[]) =>
      modules.map((module) => `packages/siggen/${file}:1: ${module} is not among the dependencies in package.json`);
    const workspace = workspaceOf({ "src/a.ts": source, "src/a.test.ts": source, "src/testing/index.ts": source });
    expect(importsDeclared(workspace)).toEqual([
      ...told("src/a.ts", "vitest", "zod", "@scope/y"),
      ...told("src/a.test.ts", "zod", "@scope/y"),
      ...told("src/testing/index.ts", "zod", "@scope/y"),
    ]);
    const declared = { dependencies: { zod: "4", vitest: "4", "@scope/y": "1" } };
    expect(importsDeclared(workspaceOf({ "src/a.ts": source }, declared))).toEqual([]);
  });

  it("is told when a declared dependency is not used, or only by tests", () => {
    const manifest = { dependencies: { zod: "4", yaml: "2" }, devDependencies: { ora: "9" } };
    const sources = { "src/a.ts": 'import "zod";', "src/a.test.ts": 'import "yaml";' };
    expect(
      usesDeclared({
        ...workspaceOf(sources, manifest),
        packages: workspaceOf(sources, manifest).packages.slice(0, 1),
      }),
    ).toEqual([
      "packages/siggen/package.json: yaml is declared and not imported",
      "packages/siggen/package.json: ora is declared and not imported",
    ]);
  });

  it("is told when a room imports one that its arrows do not name", () => {
    const source = 'import "./rule.ts"; import "../errors.ts"; import type { Storage } from "../storage/storage.ts";';
    const rooms = { "src/rule/rule.ts": source, "src/attic/a.ts": 'import "../rule/rule.ts";' };
    const { packages, tools } = workspaceOf({ ...rooms, "src/errors.ts": 'import "./storage/storage.ts";' });
    const hashserv = packages.slice(0, 1).map((pkg) => ({ ...pkg, name: "hashserv", folder: "packages/hashserv" }));
    const attic = "src/attic/a.ts:1: attic has no arrows: tests/architecture/house.ts must name it";
    expect(followsRooms({ packages: hashserv, tools })).toEqual([
      "packages/hashserv/src/rule/rule.ts:1: rule must not import storage",
      `packages/hashserv/${attic}`,
    ]);
    const without = hashserv.map((pkg) => ({ ...pkg, name: "hash", folder: "packages/hash" }));
    expect(followsRooms({ packages: without, tools })).toContain(`packages/hash/${attic}`);
  });

  it("is told when packages declare each other", () => {
    const workspace = workspaceOf({}, { devDependencies: { [CLIENT]: "0.1.0" } });
    const [siggen, client] = workspace.packages;
    if (siggen === undefined || client === undefined) throw new Error("there are two");
    const back = { ...client, manifest: { ...client.manifest, dependencies: { "@depid/siggen": "0.1.0" } } };
    expect(declaresNoCircles(workspace)).toEqual([]);
    expect(declaresNoCircles({ ...workspace, packages: [siggen, back] })).toEqual([
      `packages depend on each other: @depid/siggen -> ${CLIENT} -> @depid/siggen`,
    ]);
  });

  it("is told when a path is not exported", () => {
    const workspace = workspaceOf({ "src/a.ts": `import "${CLIENT}"; import "${CLIENT}/src/client.ts";` });
    expect(importsExported(workspace)).toEqual([
      'packages/siggen/src/a.ts:1: hashserv-client does not export "./src/client.ts"',
    ]);
  });

  it("is told when what is no test imports test support", () => {
    const source = 'import "./testing/index.ts"; import "@depid/task-graph/testing";';
    const support = { "src/testing/index.ts": 'import "@depid/task-graph/testing/x";' };
    expect(keepsTestSupport(workspaceOf({ ...support, "src/a.ts": source, "src/a.test.ts": source }))).toEqual([
      "packages/siggen/src/a.ts:1: ./testing/index.ts is for tests",
      "packages/siggen/src/a.ts:1: @depid/task-graph/testing is for tests",
    ]);
  });

  it("is told when a package exports what is not there", () => {
    const exports = { ".": { "@depid/source": "./src/index.ts" }, "./fs": { "@depid/source": "./src/fs/index.ts" } };
    expect(
      exportsSources({ tools: [], packages: workspaceOf({ "src/fs/index.ts": "" }, { exports }).packages.slice(0, 1) }),
    ).toEqual(['packages/siggen/package.json: exports ".", which is no source of this package']);
  });

  it.each(["../../hash/src/index.ts", "./none.ts", "./b.js", "#none"])("is told when %s is imported", (specifier) => {
    const workspace = workspaceOf({ "src/a.ts": `import "${specifier}"; import "./b.ts";`, "src/b.ts": "" });
    expect(staysInside(workspace)).toEqual([`packages/siggen/src/a.ts:1: ${specifier} is no source of this package`]);
  });

  it("is told when files import each other, if only for types, but not when one is loaded later", () => {
    const circle = (how: string) =>
      hasNoCircles(
        workspaceOf(
          { "src/a.ts": 'export * from "./b.ts";', "src/b.ts": 'import "#c";', "src/c.ts": how },
          { imports: { "#c": "./src/c.ts" } },
        ),
      );
    expect(circle('import { a } from "./a.ts";')).toEqual([
      "packages/siggen: files import each other: src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts",
    ]);
    expect(circle('import type { A } from "./a.ts";')).toHaveLength(1);
    expect(circle('let a: import("./a.ts").A;')).toHaveLength(1);
    expect(circle('const { a } = await import("./a.ts");')).toEqual([]);
  });

  it.each([
    ['import { readFile } from "node:fs/promises";', "node:fs/promises"],
    ['import { join } from "path";', "path"],
    ['import { readHistory } from "@depid/task-graph/fs";', "@depid/task-graph/fs"],
    [`import { connect } from "${CLIENT}";`, CLIENT],
    ['import { read } from "./fs/read.ts";', "./fs/read.ts"],
    ['const bytes = Buffer.from("x");', "Buffer"],
    ["const on = process.env;", "process"],
    ["let error: NodeJS.ErrnoException;", "NodeJS"],
    ["const all = { process };", "process"],
    ["const here = import.meta.dirname;", "import.meta.dirname"],
    ["const plugin = await import(path);", "a computed import"],
    ['export { hash } from "./a-node.ts";', "./a-node.ts"],
  ])("is told when a browser would meet %s", (source, name) => {
    const files = {
      "src/a.ts": source,
      "src/a.test.ts": source,
      "src/fs/index.ts": source,
      "src/fs/read.ts": "process;",
    };
    const imports = { "#a": { node: "./src/a-node.ts", default: "./src/a.ts" } };
    expect(isBrowserSafe(workspaceOf(files, { imports }))).toEqual([
      `packages/siggen/src/a.ts:1: ${name} is not for browsers`,
    ]);
  });

  it("is not told for members of these names, or a file for Node that has another for browsers", () => {
    const files = {
      "src/a.ts": "const a = { process: 1, Buffer() {} }; a.process; interface B { process: 1 } import.meta.url;",
      "src/b-node.ts": 'import "node:crypto";',
    };
    const imports = { "#b": { node: { "@depid/source": "./src/b-node.ts" }, default: "./src/b.ts" } };
    expect(isBrowserSafe(workspaceOf(files, { imports }))).toEqual([]);
  });

  it("a file that is not TypeScript is an error", () => {
    expect(() => parseSource("a.ts", "import {;")).toThrow("a.ts: ");
  });
});
