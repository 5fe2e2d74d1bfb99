import { HASH_PATTERN, OLD_HASH_PATTERN } from "@depid/hash";
import { plainLine, unwrapLine } from "./console-text.ts";

/** What a console log says of one task whose hash came out otherwise when it was parsed again (signatures.md section 3). */
export interface ConsoleMismatch {
  /** `[mc:NAME:][virtual:X:]FILE:TASK`. */
  readonly tid: string;
  /** Number of the first line that tells. */
  readonly line: number;
  /** Lines that tell, the same ones of server and worker counted once. */
  readonly claims: readonly MismatchClaim[];
}

export interface MismatchClaim {
  readonly hash: "taskhash" | "basehash";
  /** Of the metadata that the server parsed. */
  readonly server: string;
  /** Of the metadata that were parsed later, by a worker as a rule. */
  readonly worker: string;
}

const HASH = `(${HASH_PATTERN}|${OLD_HASH_PATTERN})`;
/** The tid; a dot before the task until BitBake 1.42. What another process writes at the same time may follow without a blank. */
const TID = "(\\S+?\\.bb)[:.](do_(?:(?!(?:NOTE|WARNING|ERROR|DEBUG):)[\\w+-])+)";
/** `verses` before BitBake 1.48. A basehash is compared with the content of the file that is written. */
const VERSUS = new RegExp(`(Taskhash|Basehash) mismatch ${HASH} vers[ue]s ${HASH} for ${TID}`, "g");
const REPARSED = new RegExp(`When reparsing ${TID}, the basehash value changed from ${HASH} to ${HASH}`, "g");
/** The same in two lines, by the server alone: before BitBake 2.3. */
const CACHED = new RegExp(`cached basehash does not match the one we just generated \\(${TID}\\)`);
const CACHED_HASHES = new RegExp(`The mismatched hashes were ${HASH} and ${HASH}`);
/** Whatever speaks of it, whole or not. */
const SPOKEN =
  /(?:Taskhash|Basehash) mismatch [0-9a-f]|When reparsing \S|cached basehash does not match|basehash value changed from/;
/** How BitBake's lines begin; a log without any is none. */
const SPEAKS = /(?:NOTE|WARNING|ERROR|DEBUG): /;
/** Lines that one of BitBake's may have been broken into, by a mailer or a terminal. */
const BROKEN_INTO = 6;

/** Finds lines on hashes that came out otherwise in a console log. */
export class ConsoleMismatchReader {
  readonly #found = new Map<string, { line: number; claims: Map<string, MismatchClaim> }>();
  readonly #unread: number[] = [];
  /** A line that speaks of a mismatch and does not say all, with those behind it. */
  #open: { readonly line: number; readonly parts: string[] } | undefined;
  #cached: { readonly tid: string; readonly line: number } | undefined;
  #line = 0;
  #speaks = false;

  push(content: string): void {
    this.#line += 1;
    const [line] = plainLine(content);
    for (const text of unwrapLine(line)) this.#take(text);
  }

  /** By task, in the order of the log. */
  get mismatches(): readonly ConsoleMismatch[] {
    return [...this.#found].map(([tid, { line, claims }]) => ({ tid, line, claims: [...claims.values()] }));
  }

  /** Lines that speak of a mismatch and are cut off, so that the task or the hashes are not known. */
  get unread(): readonly number[] {
    const last = [this.#open?.line, this.#cached?.line].filter((it) => it !== undefined);
    return [...this.#unread, ...last];
  }

  /** Whether any line is as BitBake prints them. */
  get isLog(): boolean {
    return this.#speaks;
  }

  #take(text: string): void {
    this.#speaks ||= SPEAKS.test(text);
    const isWhole = this.#read(text, this.#line);
    if (this.#open !== undefined && !SPOKEN.test(text)) {
      const { line, parts } = this.#open;
      parts.push(text);
      const isFound = [parts.map((it) => it.trim()).join(" "), parts.join("")].some((it) => this.#read(it, line));
      if (isFound) this.#open = undefined;
      else if (parts.length >= BROKEN_INTO) this.#giveUp();
    } else if (SPOKEN.test(text)) {
      if (this.#open !== undefined) this.#giveUp();
      if (!isWhole) this.#open = { line: this.#line, parts: [text] };
    }
  }

  #giveUp(): void {
    if (this.#open !== undefined) this.#unread.push(this.#open.line);
    this.#open = undefined;
  }

  /** @returns whether it told anything */
  #read(text: string, line: number): boolean {
    let isTold = false;
    const add = (file: string, task: string, claim: MismatchClaim): void => {
      isTold = true;
      this.#add(`${file}:${task}`, line, claim);
    };
    for (const [, kind, worker = "", server = "", file = "", task = ""] of text.matchAll(VERSUS))
      add(file, task, { hash: kind === "Taskhash" ? "taskhash" : "basehash", server, worker });
    for (const [, file = "", task = "", server = "", worker = ""] of text.matchAll(REPARSED))
      add(file, task, { hash: "basehash", server, worker });
    const [, file, task] = CACHED.exec(text) ?? [];
    if (file !== undefined) {
      this.#cached = { tid: `${file}:${task}`, line };
      isTold = true;
    }
    const [, server = "", worker = ""] = CACHED_HASHES.exec(text) ?? [];
    if (server !== "" && this.#cached !== undefined) {
      this.#add(this.#cached.tid, this.#cached.line, { hash: "basehash", server, worker });
      this.#cached = undefined;
    }
    return isTold;
  }

  #add(tid: string, line: number, claim: MismatchClaim): void {
    const known = this.#found.get(tid) ?? { line, claims: new Map() };
    this.#found.set(tid, known);
    known.claims.set(`${claim.hash} ${claim.server} ${claim.worker}`, claim);
  }
}
