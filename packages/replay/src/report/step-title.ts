import type { MeasuredStep } from "../result.ts";

/** The last commit of a step, and how many more there are; a step that is known by no commit has one name only. @param room columns for the title */
export function titleOf({ id, commits }: Pick<MeasuredStep, "id" | "commits">, room: number): string {
  const title = commits.at(-1)?.title ?? "";
  const more = commits.length > 1 ? ` (+${commits.length - 1})` : "";
  const name = id === title ? "" : `${id.slice(0, 10)} `;
  return `${name}${title.length > room ? `${title.slice(0, room - 3)}...` : title}${more}`.trim();
}
