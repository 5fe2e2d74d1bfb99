import type { BuildRecord } from "./build-record.ts";
import { type ConsoleBuild, ConsoleReader } from "./console-reader.ts";
import { BitbakeFileError } from "./file-error.ts";

/** Finds what ran in the lines of BitBake's console output, of one build after another. */
export class ConsoleRecordReader {
  readonly #source: string;
  readonly #reader: ConsoleReader;

  constructor(source: string) {
    this.#source = source;
    this.#reader = new ConsoleReader(source);
  }

  /** Takes the next line. */
  push(content: string): void {
    this.#reader.push(content);
  }

  /**
   * @returns a record per build
   * @throws {BitbakeFileError} when there is no build, or one whose tasks the log does not have: it was written for a terminal
   */
  end(): readonly BuildRecord[] {
    return this.#reader.end().map((build, at) => {
      const isWithout = build.begun === 0 && !build.namesTasks;
      if (isWithout && (build.terminal || build.counts !== undefined || !build.ready)) throw this.#noTasks(build);
      return recordOf(build, this.#source, at + 1);
    });
  }

  #noTasks({ line }: ConsoleBuild): BitbakeFileError {
    return new BitbakeFileError(
      this.#source,
      line,
      'a build without lines "NOTE: Running task …": BitBake shows a terminal a progress bar instead. Take BB_CONSOLELOG ' +
        "(tmp/log/cooker/<machine>/console-latest.log), or write the output to a file or pipe",
    );
  }
}

/** What ran in a build of a log. @param number of the build, from 1 */
export function recordOf(build: ConsoleBuild, source: string, number: number): BuildRecord {
  const { draft, real, started, counts } = build;
  const unknown: string[] = [];
  const ran = counts === undefined ? undefined : counts.attempted - counts.skipped;
  if (ran !== undefined && ran !== real)
    unknown.push(`which tasks ran: BitBake counted ${ran}, and the log has lines of ${real}`);
  if (counts !== undefined && counts.failed > draft.failed.size)
    unknown.push(`which tasks failed: BitBake counted ${counts.failed}, and the log names ${draft.failed.size}`);
  if (draft.executed.size > 0 && started === 0)
    unknown.push("whether tasks really ran: none says that it started, as in a dry run (-n)");
  const record = draft.finish({
    source,
    build: String(number),
    kind: "console",
    naming: "tid",
    finished: counts !== undefined,
  });
  return { ...record, unknown: [...unknown, ...record.unknown] };
}
