import { describeProblem } from "@depid/task-graph/read";
import { type Document, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { YamlError } from "./errors.ts";

/** A YAML document, whose problems are told with their place in its text. */
export class YamlText {
  readonly #source: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  /**
   * @param source what the text came from, for messages
   * @throws {YamlError} when it is not YAML
   */
  constructor(text: string, source: string) {
    this.#source = source;
    const document = parseDocument(text, { lineCounter: this.#lines });
    const [broken] = document.errors;
    if (broken !== undefined)
      throw this.#errorAt(broken.pos[0], broken.message.split("\n")[0] ?? "not YAML", { cause: broken });
    this.#document = document;
  }

  get whole(): YamlPart {
    return this.at([]);
  }

  /** The part under a path of keys, which need not be there. */
  at(path: readonly (string | number)[]): YamlPart {
    const problem = (what: string, below: readonly PropertyKey[] = []) =>
      this.#errorAt(this.#offsetOf([...path, ...below]), what);
    let value: unknown = this.#document.toJS();
    for (const key of path) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
    return {
      value,
      problem,
      parse(schema) {
        const result = schema.safeParse(value);
        if (result.success) return result.data;
        throw problem(describeProblem(result.error, path), result.error.issues[0]?.path);
      },
    };
  }

  /** Where the deepest part of the path begins that the document has. */
  #offsetOf(path: readonly PropertyKey[]): number {
    for (let depth = path.length; depth > 0; depth--) {
      const node = this.#document.getIn(path.slice(0, depth), true);
      const range = (node as { readonly range?: readonly number[] } | undefined)?.range;
      if (range?.[0] !== undefined) return range[0];
    }
    return 0;
  }

  #errorAt(offset: number, problem: string, options?: ErrorOptions): YamlError {
    const { line, col } = this.#lines.linePos(offset);
    return new YamlError(this.#source, line, `column ${col}: ${problem}`, options);
  }
}

/** A part of a YAML document. */
export interface YamlPart {
  /** As plain data; `undefined` if it is not there. */
  readonly value: unknown;
  /** Narrows it. @throws {YamlError} naming source, line, column and field of what is not as expected */
  parse<T extends z.ZodType>(schema: T): z.output<T>;
  /** An error at a place below it. */
  problem(what: string, below?: readonly PropertyKey[]): YamlError;
}
