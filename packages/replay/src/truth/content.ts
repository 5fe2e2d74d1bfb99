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
  return a.output === b.output && a.outward === b.outward;
}

/** One text for a store to keep; the inverse of `parseContent`. */
export function formatContent({ output, outward }: Content): string {
  return `${output}:${outward}`;
}

export function parseContent(text: string): Content {
  const [output = "", outward = ""] = text.split(":");
  return { output, outward };
}
