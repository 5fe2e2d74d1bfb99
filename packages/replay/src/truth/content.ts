import { sha256Hex } from "@depid/hash";

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
  /** Which run made it, where it is not what its inputs usually give. The truth has none: whatever run made it, it is of these inputs. */
  readonly run?: RunMark;
}

/** What of a content differs from run to run, though inputs are the same: a digest each of which runs show in it; "" where none does. */
export interface RunMark {
  readonly output: string;
  /** What dependents in other recipes see of it. */
  readonly outward: string;
}

/** A content as who looks at its bytes has it, an output hash say: of another run, another one. */
export function asMade(content: Content): Content {
  const { run, ...usual } = content;
  if (run === undefined) return content;
  const { output, outward, seen, views } = usual;
  const made = (digest: string, mark: string): string => (mark === "" ? digest : sha256Hex(`${digest} ${mark}`));
  return {
    output: made(output, run.output),
    outward: made(outward, run.outward),
    ...(seen === undefined ? {} : { seen: made(seen, run.output) }),
    ...(views === undefined
      ? {}
      : { views: new Map([...views].map(([recipe, view]) => [recipe, made(view, run.outward)])) }),
  };
}

/** What a dependent in another recipe sees of a content. */
export function viewOf({ outward, views }: Content, recipe: string): string {
  return views?.get(recipe) ?? outward;
}

/** The content of what nobody made. */
export const NOTHING: Content = { output: "", outward: "" };

export function isSameContent(a: Content, b: Content): boolean {
  return a === b || (a.output === b.output && a.outward === b.outward && formatContent(a) === formatContent(b));
}

/** One text for a store to keep; the inverse of `parseContent`. */
export function formatContent(content: Content): string {
  const { output, outward, run } = content;
  const mark = run === undefined ? "" : `:${run.output}:${run.outward}`;
  return `${output}:${outward}${mark}${formatRest(content)}`;
}

export function parseContent(text: string): Content {
  const [main = "", seen = "", ...views] = text.split(" ");
  const [output = "", outward = "", ...run] = main.split(":");
  return {
    output,
    outward,
    ...(seen === "" ? {} : { seen }),
    ...(views.length === 0 ? {} : { views: new Map(views.map((it) => it.split("=") as [string, string])) }),
    ...(run.length === 0 ? {} : { run: { output: run[0] ?? "", outward: run[1] ?? "" } }),
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
