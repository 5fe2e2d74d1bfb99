import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** What of JSON schema ours have (draft 2020-12). */
interface Schema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/**
 * The parts of a JSON schema that a document may have or not: keys, there and left out, branches of unions, words of enumerations, lists and
 * tables that are not empty. Knows which of them documents had, so that what no example shows is seen: nobody can say that a schema is right there.
 */
export class SchemaParts {
  readonly #schema: Schema;
  readonly #ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  readonly #validate: ValidateFunction;
  readonly #seen = new Set<string>();

  /** @throws what Ajv finds wrong with the schema, in its strict mode */
  constructor(schema: object) {
    this.#schema = schema;
    this.#validate = this.#ajv.addSchema(schema, "document").getSchema("document") as ValidateFunction;
  }

  /** Looks at a document. @returns what is wrong with it */
  add(document: unknown): readonly string[] {
    if (this.#validate(document)) this.#look(this.#schema, "#", document);
    return (this.#validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  }

  /** Parts that no document had, by their place in the schema. */
  get unseen(): readonly string[] {
    const definitions = Object.entries(this.#schema.$defs ?? {});
    const parts = [
      ...partsOf(this.#schema, "#"),
      ...definitions.flatMap(([name, it]) => [...partsOf(it, `#/$defs/${name}`)]),
    ];
    return parts.filter((it) => !this.#seen.has(it));
  }

  #look(schema: Schema, at: string, value: unknown): void {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.replace("#/$defs/", "");
      this.#look(this.#schema.$defs?.[name] as Schema, schema.$ref, value);
    }
    for (const [place, branch] of branchesOf(schema, at)) {
      if (this.#ajv.getSchema(`document${place}`)?.(value) !== true) continue;
      this.#seen.add(place);
      this.#look(branch, place, value);
    }
    if (schema.enum !== undefined) this.#seen.add(wordOf(at, value));
    for (const type of typesOf(schema)) if (isOf(type, value)) this.#seen.add(typeOf(at, type));
    if (Array.isArray(value)) this.#lookAlong(schema, at, value);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) this.#lookInside(schema, at, value);
  }

  #lookAlong({ items, prefixItems = [] }: Schema, at: string, list: readonly unknown[]): void {
    for (const [i, it] of prefixItems.entries()) this.#look(it, `${at}/prefixItems/${i}`, list[i]);
    if (typeof items !== "object") return;
    if (list.length > 0) this.#seen.add(someOf(at));
    for (const item of list) this.#look(items, `${at}/items`, item);
  }

  #lookInside(schema: Schema, at: string, object: object): void {
    const { properties = {}, additionalProperties: more } = schema;
    for (const [key, value] of Object.entries(object)) {
      const property = properties[key];
      if (property !== undefined) {
        this.#seen.add(keyOf(at, key));
        this.#look(property, placeOf(at, key), value);
      } else if (typeof more === "object") {
        this.#seen.add(someOf(at));
        this.#look(more, `${at}/additionalProperties`, value);
      }
    }
    for (const key of Object.keys(properties)) if (!(key in object)) this.#seen.add(withoutOf(at, key));
  }
}

/** Names of all keys that documents may have. */
export function keysOf(schema: object): ReadonlySet<string> {
  const keys = Object.keys((schema as Schema).properties ?? {});
  return new Set([...keys, ...Object.values(schema).flatMap((it) => (it instanceof Object ? [...keysOf(it)] : []))]);
}

function* partsOf(schema: Schema, at: string): Generator<string> {
  for (const [place, branch] of branchesOf(schema, at)) {
    yield place;
    yield* partsOf(branch, place);
  }
  for (const type of typesOf(schema)) yield typeOf(at, type);
  for (const word of schema.enum ?? []) yield wordOf(at, word);
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    yield keyOf(at, key);
    if (schema.required?.includes(key) !== true) yield withoutOf(at, key);
    yield* partsOf(property, placeOf(at, key));
  }
  for (const [i, it] of (schema.prefixItems ?? []).entries()) yield* partsOf(it, `${at}/prefixItems/${i}`);
  if (typeof schema.items === "object") {
    yield someOf(at);
    yield* partsOf(schema.items, `${at}/items`);
  }
  if (typeof schema.additionalProperties === "object") {
    yield someOf(at);
    yield* partsOf(schema.additionalProperties, `${at}/additionalProperties`);
  }
}

function branchesOf({ anyOf = [], oneOf = [] }: Schema, at: string): (readonly [place: string, branch: Schema])[] {
  return [
    ...anyOf.map((it, i) => [`${at}/anyOf/${i}`, it] as const),
    ...oneOf.map((it, i) => [`${at}/oneOf/${i}`, it] as const),
  ];
}

/** Where a schema allows several: these are branches, too. */
function typesOf({ type }: Schema): readonly string[] {
  return typeof type === "object" ? type : [];
}

function isOf(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  return type === "integer" ? Number.isInteger(value) : typeof value === type;
}

const placeOf = (at: string, key: string) => `${at}/properties/${key}`;
const keyOf = (at: string, key: string) => `${placeOf(at, key)} is there`;
const withoutOf = (at: string, key: string) => `${placeOf(at, key)} is left out`;
const typeOf = (at: string, type: string) => `${at} is a ${type}`;
const wordOf = (at: string, word: unknown) => `${at} is ${JSON.stringify(word)}`;
const someOf = (at: string) => `${at} is not empty`;
