/**
 * What stands before a fenced block in an HTML comment, for whoever writes it: how it is run, why it is not, or what checks it. `run` has a line each of
 *
 * - `needs: bitbake` (BITBAKE_DIR and OE_CORE_DIR name checkouts) or `needs: minutes` (asked for): else the block is left as it is;
 * - `in: clone`: begins in a folder with what the repository has, else where the block before ended;
 * - `exit: 1`: exit status of the last command;
 * - `varies: REGEX`: what may be another text in each run, any number of times;
 * - `first:`: shell commands that the reader does not see; all lines up to the next key.
 */
export type Directive =
  | { readonly kind: "run"; readonly run: RunDirective }
  | { readonly kind: "not run"; readonly reason: string }
  | { readonly kind: "checked by"; readonly file: string };

export interface RunDirective {
  readonly needs: "bitbake" | "minutes" | undefined;
  readonly inClone: boolean;
  readonly exit: number;
  readonly varies: readonly RegExp[];
  readonly first: string;
  /** The command whose output follows as plain Markdown, up to a line `<!-- end -->`: of a `shows` comment, which stands before no block. */
  readonly shows: string | undefined;
}

/** A fenced block, or what follows a `shows` comment. Lines are counted from 1. */
export interface Block {
  readonly line: number;
  /** `shows` if it is no fenced block. */
  readonly language: string;
  readonly lines: readonly string[];
  readonly directive: Directive | undefined;
}

/** Something wrong with a document, not with what a command prints. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly code = "bad-document";
}

const NEEDS_NOTHING = new Set(["text", "conf", "json", "yaml", "ini", "sql"]);
const RUNNABLE = new Set(["console", "sh", "shows"]);
const A_COMMAND = /^\s*(\$ |npx |npm |depid |depid-hash\w+ |bitbake(-\w+)* (?![─◄])|git |sqlite3 )/;
const KEYS = /^(needs|in|exit|varies|first|of):\s*(.*)$/;
const END = "<!-- end -->";

/** @returns blocks of a Markdown document in order, each with the comment before it. @throws DocumentError naming file and line */
export function parseBlocks(text: string, file: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  let comment: { text: string; line: number } | undefined;
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? "";
    const at = `${file}:${i + 1}`;
    const fence = /^( *)```(\S*)\s*$/.exec(line);
    if (line.startsWith("<!--")) {
      const begin = i;
      while (!(lines[i] ?? "").includes("-->")) {
        i += 1;
        if (i >= lines.length) throw new DocumentError(`${at}: a comment without -->`);
      }
      const inner = lines
        .slice(begin, i + 1)
        .join("\n")
        .replace(/^<!--\s*/, "")
        .replace(/\s*-->\s*$/, "");
      comment = { text: inner, line: begin + 1 };
      if (!/^shows\b/.test(inner)) continue;
      const end = lines.indexOf(END, i);
      if (end < 0) throw new DocumentError(`${at}: expected ${END} after what it shows`);
      const directive = parseDirective(inner, at);
      blocks.push({ line: i + 2, language: "shows", lines: lines.slice(i + 1, end), directive });
      comment = undefined;
      i = end;
    } else if (fence !== null) {
      const end = lines.findIndex((it, j) => j > i && it === `${fence[1]}\`\`\``);
      if (end < 0) throw new DocumentError(`${at}: a fence without an end`);
      const directive = comment && parseDirective(comment.text, `${file}:${comment.line}`);
      const block = { line: i + 2, language: fence[2] ?? "", lines: lines.slice(i + 1, end), directive };
      checkSeen(block, at);
      blocks.push(block);
      comment = undefined;
      i = end;
    } else {
      if (line.trim() !== "") comment = undefined;
      const isCode = /^ {4}/.test(line) && (lines[i - 1] ?? "").trim() === "" && A_COMMAND.test(line);
      if (isCode) throw new DocumentError(`${at}: a command in indented code: expected a fenced block`);
    }
  }
  return blocks;
}

/** Every block says what it is, and one with commands or their outputs is run, or says why not. */
function checkSeen({ language, directive, lines }: Block, at: string): void {
  if (language === "")
    throw new DocumentError(`${at}: a block without language: expected console, sh, log, conf, text …`);
  if (NEEDS_NOTHING.has(language)) {
    const command = directive === undefined && lines.find((it) => A_COMMAND.test(it));
    if (command) throw new DocumentError(`${at}: a command in a block of ${language}: ${command}`);
  } else if (directive === undefined) {
    throw new DocumentError(
      `${at}: expected <!-- run -->, <!-- not run: REASON --> or <!-- checked by FILE --> before it`,
    );
  } else if (directive.kind === "run" && !RUNNABLE.has(language)) {
    throw new DocumentError(`${at}: only console and sh can be run, not ${language}`);
  }
}

/** @returns undefined for a comment about something else */
function parseDirective(text: string, at: string): Directive | undefined {
  const reason = /^not run: (\S.*)$/s.exec(text)?.[1];
  if (reason !== undefined) return { kind: "not run", reason };
  const file = /^checked by (\S+)$/.exec(text)?.[1];
  if (file !== undefined) return { kind: "checked by", file };
  const [head = "", ...rest] = text.split("\n");
  if (head !== "run" && head !== "shows") return undefined;
  const values: Record<string, string[]> = {};
  let key: string | undefined;
  for (const line of rest) {
    const [, name, value = ""] = KEYS.exec(line) ?? [];
    if (name !== undefined) {
      key = name;
      values[key] = [...(values[key] ?? []), value];
    } else if (key === "first" || key === "of") {
      values[key]?.push(line);
    } else {
      throw new DocumentError(`${at}: ${line}: expected needs, in, exit, varies, first or of, and a colon`);
    }
  }
  const needs = values.needs?.[0];
  if (needs !== undefined && needs !== "bitbake" && needs !== "minutes")
    throw new DocumentError(`${at}: needs: ${needs}: expected bitbake or minutes`);
  const place = values.in?.[0];
  if (place !== undefined && place !== "clone") throw new DocumentError(`${at}: in: ${place}: expected clone`);
  const shows = values.of?.join("\n");
  if ((head === "shows") !== (shows !== undefined))
    throw new DocumentError(`${at}: shows, and it alone, has of: COMMAND`);
  return {
    kind: "run",
    run: {
      needs,
      inClone: place !== undefined,
      exit: Number(values.exit?.[0] ?? 0),
      varies: (values.varies ?? []).map((it) => new RegExp(it, "g")),
      first: (values.first ?? []).join("\n"),
      shows,
    },
  };
}
