/** What a task produced, as the outcome model has it. Two digests, since a contained change shows only within the recipe. */
export interface Content {
  /** What the task's output is. */
  readonly output: string;
  /** What dependents in other recipes see of it. */
  readonly outward: string;
}

/** The content of what nobody made. */
export const NOTHING: Content = { output: "", outward: "" };

export function isSameContent(a: Content, b: Content): boolean {
  return a === b || (a.output === b.output && a.outward === b.outward);
}

/** One text for a store to keep; the inverse of `parseContent`. */
export function formatContent({ output, outward }: Content): string {
  return `${output}:${outward}`;
}

export function parseContent(text: string): Content {
  const [output = "", outward = ""] = text.split(":");
  return { output, outward };
}

/** All contents of a replay, one object for equal ones: that two are the same is seen at once, and each has its text once. */
export class ContentPool {
  readonly #contents = new Map<string, Content>();
  readonly #texts = new Map<Content, string>();

  constructor() {
    this.of(NOTHING);
  }

  /** The one object of an equal content. */
  of(content: Content): Content {
    if (this.#texts.has(content)) return content;
    const text = formatContent(content);
    const known = this.#contents.get(text);
    if (known !== undefined) return known;
    this.#contents.set(text, content);
    this.#texts.set(content, text);
    return content;
  }

  /** As `formatContent`. */
  format(content: Content): string {
    return this.#texts.get(content) ?? formatContent(content);
  }

  /** As `parseContent`. */
  parse(text: string): Content {
    return this.#contents.get(text) ?? this.of(parseContent(text));
  }
}
