import { isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";
import { z } from "zod";

/** A class of errors that name a source and a line. */
export type YamlErrorClass = new (source: string, line: number, problem: string, options?: ErrorOptions) => Error;

/** Where something is in a text: keys and places in lists. */
export type YamlPath = readonly (string | number)[];

/**
 * A YAML text, parts of which are narrowed by who knows them: a file may be one such part, or have several. What is wrong is told with file, line, column
 * and field.
 */
export class YamlText {
  readonly source: string;
  readonly #Problem: YamlErrorClass;
  readonly #lines = new LineCounter();
  readonly #document: ReturnType<typeof parseDocument>;

  /**
   * @param source what the text came from, for messages
   * @param Problem what is thrown
   * @throws {Problem} when it is no YAML
   */
  constructor(text: string, source: string, Problem: YamlErrorClass) {
    this.source = source;
    this.#Problem = Problem;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [broken] = this.#document.errors;
    if (broken !== undefined) throw this.#problemAt(broken.pos[0], broken.message, { cause: broken });
  }

  /** Whether there is anything at a path. */
  has(path: YamlPath): boolean {
    return this.#document.hasIn(path);
  }

  /**
   * A part as a schema has it.
   *
   * @param path of the part; the whole: none
   * @throws {Problem} of the first thing that is not as the schema says
   */
  parse<T>(schema: z.ZodType<T>, path: YamlPath = []): T {
    const part = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    const result = schema.safeParse(isNode(part) ? part.toJS(this.#document) : part);
    if (result.success) return result.data;
    const issue = result.error.issues[0] as z.core.$ZodIssue;
    const within = [...path, ...(issue.path as (string | number)[])];
    if (issue.code !== "unrecognized_keys") this.fail(within, issue.message);
    // A schema may say which keys there are.
    const problem = issue.message.startsWith("expected ") ? issue.message : "expected no such key";
    this.fail([...within, issue.keys[0] as string], problem, "key");
  }

  /**
   * @param problem what was expected
   * @param at whether the key is wrong, or what it has
   * @throws {Problem} always; of what is not there, at what would have it
   */
  fail(path: YamlPath, problem: string, at: "key" | "value" = "value"): never {
    const field = z.core.toDotPath(path);
    throw this.#problemAt(this.#offsetOf(path, at), `${field === "" ? "" : `${field}: `}${problem}`);
  }

  #problemAt(offset: number, problem: string, options?: ErrorOptions): Error {
    const { line, col } = this.#lines.linePos(offset);
    return new this.#Problem(this.source, line, `column ${col}: ${problem}`, options);
  }

  #offsetOf(path: YamlPath, at: "key" | "value"): number {
    let node: unknown = this.#document.contents;
    let offset = beginOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      const pair = isMap(node) ? node.items.find(({ key }) => isNode(key) && String(key) === String(step)) : undefined;
      const next = isSeq(node) ? node.items[Number(step)] : pair?.value;
      if (depth === path.length - 1 && at === "key") return beginOf(pair?.key) ?? offset;
      const begin = beginOf(next) ?? beginOf(pair?.key);
      if (begin === undefined) break;
      offset = begin;
      node = next;
    }
    return offset;
  }
}

function beginOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
