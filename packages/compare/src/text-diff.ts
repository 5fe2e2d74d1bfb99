import { structuredPatch } from "diff";

/** How a text became another: lines that begin with " ", "-", "+" or "@". */
export interface TextDiff {
  readonly lines: readonly string[];
  /** How many lines were left out at the end. */
  readonly left: number;
  /** Whether each line is one word of a text of a single line. */
  readonly isByWord: boolean;
}

export interface TextDiffOptions {
  /** Lines shown at most. */
  readonly limit: number;
}

/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Characters of a line that are shown. */
const WIDTH = 400;
/** From this length on, texts of one line are shown word by word. */
const LONG_LINE = 80;
/** Texts with more differences are shown as one whole taken away and another put there. */
const MAX_EDITS = 2000;

/**
 * The unified diff of two texts. Long texts of one line, such as lists, are compared word by word. What it gives is harmless
 * on a terminal: see `printable`.
 *
 * @param before `undefined` if there was none
 * @param after `undefined` if there is none
 */
export function diffTexts(before: string | undefined, after: string | undefined, { limit }: TextDiffOptions): TextDiff {
  const isByWord = isList(before, after);
  const all = diffLines(linesOf(before, isByWord), linesOf(after, isByWord)).map(printable);
  return { lines: all.slice(0, limit), left: Math.max(0, all.length - limit), isByWord };
}

/**
 * What a diff of two texts takes away and puts there, without what stands around it: equal for the same edit of texts that are
 * not the same.
 */
export function editOf(before: string | undefined, after: string | undefined): string {
  const isByWord = isList(before, after);
  const lines = diffLines(linesOf(before, isByWord), linesOf(after, isByWord));
  return lines.filter((line) => line.startsWith("-") || line.startsWith("+")).join("\n");
}

/** Whether both are texts of one line, and too long for one. */
function isList(before: string | undefined, after: string | undefined): boolean {
  const isLine = [before, after].every((it) => it === undefined || !/\n./s.test(it.trim()));
  return isLine && Math.max(before?.length ?? 0, after?.length ?? 0) > LONG_LINE;
}

function diffLines(before: readonly string[], after: readonly string[]): string[] {
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const patch = structuredPatch("", "", text(before), text(after), "", "", {
    context: CONTEXT,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) return [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
  return patch.hunks.flatMap(({ oldStart, newStart, lines }, i) => [
    ...(i === 0 && oldStart <= 1 && newStart <= 1 ? [] : [`@ line ${newStart}`]),
    ...lines,
  ]);
}

/** Lines without an empty one behind the last line end; or words. */
function linesOf(text: string | undefined, isByWord: boolean): string[] {
  if (text === undefined) return [];
  if (isByWord) return text.split(/\s+/).filter((word) => word !== "");
  return text.replace(/\n$/, "").split("\n");
}

/**
 * The text with what could confuse a terminal or a reader spelled out: control characters but the tab, and characters that turn
 * the direction of writing or take no room; cut to a length that can be read.
 */
export function printable(text: string): string {
  const shown = text.length > WIDTH ? text.slice(0, WIDTH) : text;
  const spelled = shown.replace(INVISIBLE, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return text.length > WIDTH ? `${spelled}… (${text.length - WIDTH} more characters)` : spelled;
}

const INVISIBLE = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu;
