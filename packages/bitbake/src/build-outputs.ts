import { BitbakeFileError, excerptOf } from "./file-error.ts";

/** What buildhistory (BUILDHISTORY_FEATURES with `task`) keeps of one build: a commit of its repository. */
export interface BuildOutputs {
  /** Of the buildhistory repository. */
  readonly commit: string;
  /** Of the layers that were built. */
  readonly revisions: readonly MetadataRevision[];
  /** Outputs that are other ones than in the commit before. A file that was written again with the same text is not seen. */
  readonly written: readonly WrittenOutput[];
  /** By `[mc:NAME:]PN:TASK`; `undefined` if the commit has no `task/tasksigs.txt`. */
  readonly taskhashes: ReadonlyMap<string, string> | undefined;
}

/** A line of `metadata-revs`. */
export interface MetadataRevision {
  readonly layer: string;
  /** Commit id. */
  readonly revision: string;
  /** Whether the layer had changes that are in no commit. */
  readonly isModified: boolean;
}

/** A file `task/output/PN.TASK`: names and digests of all files that a task put out. */
export interface WrittenOutput {
  readonly pn: string;
  /** With `do_`, without `_setscene`. */
  readonly task: string;
  /** Whether it was restored, not executed. */
  readonly restored: boolean;
  /** The git object that the file is: equal for equal outputs; null: the file is gone. */
  readonly output: string | null;
}

const LINE = /^(.*?) *= (.*):([0-9a-f]{7,64}|<unknown>)( -- modified)?$/;

/**
 * Reads `metadata-revs`: a line `LAYER = BRANCH:REVISION` for each layer. Layers that are in no repository are left out.
 *
 * @throws {BitbakeFileError} naming source and line
 */
export function parseMetadataRevs(lines: readonly string[], source: string): readonly MetadataRevision[] {
  return lines.flatMap((content, i) => {
    if (content.trim() === "") return [];
    const [, layer, , revision = "", modified] = LINE.exec(content) ?? [];
    if (layer === undefined)
      throw new BitbakeFileError(source, i + 1, `expected LAYER = BRANCH:REVISION, found ${excerptOf(content)}`);
    return revision === "<unknown>" ? [] : [{ layer, revision, isModified: modified !== undefined }];
  });
}

/** The task that a file below `task/output` is of; `undefined` for other files. */
export function findOutputName(path: string): Pick<WrittenOutput, "pn" | "task" | "restored"> | undefined {
  const [, pn, task, setscene] = /^task\/output\/(.+)\.([^./]+?)(_setscene)?$/.exec(path) ?? [];
  return pn === undefined ? undefined : { pn, task: `do_${task}`, restored: setscene !== undefined };
}
