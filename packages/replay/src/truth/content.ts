/** What a task produced, as the outcome model has it. Two digests, since a contained change shows only within the recipe. */
export interface Content {
  /** What the task's output is. */
  readonly output: string;
  /** What dependents in other recipes see of it. */
  readonly outward: string;
  /** What the output hash sees of it, where that is less than all of the output. */
  readonly seen?: string;
  /** What dependents in these recipes see of it, where that is another thing than `outward`. */
  readonly views?: ReadonlyMap<string, string>;
}

/** What a dependent in another recipe sees of a content. */
export function viewOf({ outward, views }: Content, recipe: string): string {
  return views?.get(recipe) ?? outward;
}

/** The content of what nobody made. */
export const NOTHING: Content = { output: "", outward: "" };

export function isSameContent(a: Content, b: Content): boolean {
  return a === b || (a.output === b.output && a.outward === b.outward && formatRest(a) === formatRest(b));
}

/** One text for a store to keep; the inverse of `parseContent`. */
export function formatContent(content: Content): string {
  return `${content.output}:${content.outward}${formatRest(content)}`;
}

export function parseContent(text: string): Content {
  const [main = "", seen = "", ...views] = text.split(" ");
  const [output = "", outward = ""] = main.split(":");
  return {
    output,
    outward,
    ...(seen === "" ? {} : { seen }),
    ...(views.length === 0 ? {} : { views: new Map(views.map((it) => it.split("=") as [string, string])) }),
  };
}

/** What few contents have, for `formatContent`; "" for all others. */
function formatRest({ seen = "", views = NO_VIEWS }: Content): string {
  if (seen === "" && views.size === 0) return "";
  return ["", seen, ...[...views].map(([recipe, view]) => `${recipe}=${view}`)].join(" ");
}

const NO_VIEWS: ReadonlyMap<string, string> = new Map();

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
