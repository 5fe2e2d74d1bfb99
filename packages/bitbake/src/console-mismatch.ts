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

const HASH = "([0-9a-f]{32}(?:[0-9a-f]{32})?)";
/** `verses` before BitBake 1.48. A basehash is compared with the content of the file that is written. */
const VERSUS = new RegExp(`\\b(Taskhash|Basehash) mismatch ${HASH} vers[ue]s ${HASH} for (\\S+)`);
const REPARSED = new RegExp(`\\bWhen reparsing (\\S+?),? the basehash value changed from ${HASH} to ${HASH}`);
/** How BitBake's lines begin; a log without any is none. */
const SPEAKS = /\b(?:NOTE|WARNING|ERROR|DEBUG): /;

/** Finds lines on hashes that came out otherwise in a console log. */
export class ConsoleMismatchReader {
  readonly #found = new Map<string, { line: number; claims: Map<string, MismatchClaim> }>();
  #line = 0;
  #speaks = false;

  push(content: string): void {
    this.#line += 1;
    const [line] = plainLine(content);
    for (const text of unwrapLine(line)) this.#read(text);
  }

  /** By task, in the order of the log. */
  get mismatches(): readonly ConsoleMismatch[] {
    return [...this.#found].map(([tid, { line, claims }]) => ({ tid, line, claims: [...claims.values()] }));
  }

  /** Whether any line is as BitBake prints them. */
  get isLog(): boolean {
    return this.#speaks;
  }

  #read(text: string): void {
    this.#speaks ||= SPEAKS.test(text);
    const [, kind = "", computed = "", stated = "", told = ""] = VERSUS.exec(text) ?? [];
    if (kind !== "") {
      this.#add(told, { hash: kind === "Taskhash" ? "taskhash" : "basehash", server: stated, worker: computed });
      return;
    }
    const [, reparsed = "", server = "", worker = ""] = REPARSED.exec(text) ?? [];
    if (reparsed !== "") this.#add(reparsed, { hash: "basehash", server, worker });
  }

  #add(told: string, claim: MismatchClaim): void {
    const tid = told.replace(/[.,;]+$/, "");
    const known = this.#found.get(tid) ?? { line: this.#line, claims: new Map() };
    this.#found.set(tid, known);
    known.claims.set(`${claim.hash} ${claim.server} ${claim.worker}`, claim);
  }
}
