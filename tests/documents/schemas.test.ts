import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { REPOSITORY } from "../../apps/simulator/src/testing/run-depid.ts";
import { formatSchema, SCHEMAS } from "../../scripts/schemas/list.ts";
import { EXAMPLES, SHOWN_BY } from "./examples.ts";
import { keysOf, SchemaParts } from "./schema-parts.ts";

const published = (name: string) => readFileSync(join(REPOSITORY, `docs/schemas/${name}.schema.json`), "utf8");

describe.each([...SCHEMAS.keys()])("the schema %s", (name) => {
  const parts = new SchemaParts(JSON.parse(published(name)));
  const examples = (EXAMPLES[name] ?? []).map(({ what, print }) => ({ what, document: once(() => inFolder(print)) }));

  it("is made of what types the document (npm run schemas)", () => {
    expect(published(name)).toBe(formatSchema(SCHEMAS.get(name) as object));
  });

  it("has no key that docs/formats.md does not explain", () => {
    const explained = wordsOfCode(sectionsOf(name));
    expect([...keysOf(JSON.parse(published(name)))].filter((it) => !explained.has(it))).toEqual([]);
  });

  it.each(examples)("says how what is printed is: $what", async ({ document }) => {
    expect(parts.add(JSON.parse(await document()))).toEqual([]);
  });

  it("has nothing that is in none of these documents", async () => {
    for (const { document } of examples) parts.add(JSON.parse(await document()));
    const elsewhere = sharedDefinitions(name);
    expect(parts.unseen.filter((part) => !elsewhere.some((it) => part.startsWith(it)))).toEqual([]);
  });
});

it("every document with examples has a schema", () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual([...SCHEMAS.keys()].sort());
});

describe("a schema with parts", () => {
  const SCHEMA = {
    type: "object",
    properties: {
      kind: { type: "string", enum: ["a", "b"] },
      more: { $ref: "#/$defs/more" },
      list: { type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } },
    },
    required: ["kind", "list"],
    additionalProperties: false,
    $defs: { more: { type: "object", additionalProperties: { type: "number" } } },
  };

  it("tells what documents do not show", () => {
    const parts = new SchemaParts(SCHEMA);
    expect(parts.add({ kind: "a", list: [null] })).toEqual([]);
    expect(parts.unseen).toEqual([
      '#/properties/kind is "b"',
      "#/properties/more is there",
      "#/properties/list/items/anyOf/0",
      "#/$defs/more is not empty",
    ]);
    expect(parts.add({ kind: "b", list: ["x"], more: { x: 1 } })).toEqual([]);
    expect(parts.unseen).toEqual([]);
  });

  it("takes no document that is another", () => {
    const parts = new SchemaParts(SCHEMA);
    expect(parts.add({ kind: "c", list: [], much: 1 })).toHaveLength(2);
    expect(parts.unseen).toContain("#/properties/kind is there");
  });
});

/** Places of the definitions of a schema that examples of another show, which has the same. */
function sharedDefinitions(name: string): readonly string[] {
  return Object.entries(SHOWN_BY[name] ?? {}).map(([definition, other]) => {
    const [own, its] = [name, other].map((it) => JSON.parse(published(it)).$defs[definition]);
    expect(own, definition).toEqual(its);
    return `#/$defs/${definition}/`;
  });
}

const folders: string[] = [];
afterAll(() => {
  for (const it of folders) rmSync(it, { recursive: true, force: true });
});

/** What an example prints, in a folder of its own. */
function inFolder(print: (folder: string) => Promise<string>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "depid-documents-"));
  folders.push(folder);
  return print(folder);
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => (begun ??= work());
}

/** Where docs/formats.md tells of documents that name no format. */
const SECTIONS: Readonly<Record<string, string>> = {
  "depid-import-sigdata": "depid import sigdata --json",
  "depid-import-capture": "depid import capture --json",
  "depid-import-git": "depid import git --json",
  "depid-import-table": "depid-table/1",
  "depid-hashclient": "depid-hashclient --json",
};

/** What docs/formats.md says of a document, and of other documents that it refers to. */
function sectionsOf(name: string): string {
  const section = SECTIONS[name] ?? name.replace(/-(\d+)$/, "/$1");
  const sections = readFileSync(join(REPOSITORY, "docs/formats.md"), "utf8").split(/^#{2,3} (?=`)/m);
  const sectionOf = (it: string) => sections.find((text) => text.startsWith(`\`${it}\``)) ?? "";
  const own = sectionOf(section);
  return [own, ...[...own.matchAll(/`(depid-[a-z-]+\/\d+)`/g)].map(([, other = ""]) => sectionOf(other))].join("\n");
}

/** Words that a text has as code. */
function wordsOfCode(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) => code.split(/[^\w-]+/)));
}
