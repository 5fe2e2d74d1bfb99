import { formatTaskName, splitSetscene } from "@depid/hash";
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
  const [, pn, name = ""] = /^task\/output\/(.+)\.([^./]+)$/.exec(path) ?? [];
  if (pn === undefined) return undefined;
  const { task, isSetscene: restored } = splitSetscene(name);
  return { pn, task: `do_${task}`, restored };
}

/** An output that is another one than in the build before. One row of the table `outputs`. */
export interface OutputRow {
  /** Counted from 0, the oldest first. */
  readonly build: number;
  /** Commit of the buildhistory repository. */
  readonly commit: string;
  readonly change: "new" | "changed" | "gone";
  /** `PN:TASK`: names of files tell no configuration. */
  readonly name: string;
  readonly restored: boolean;
  /** The git object that tells the output: equal for equal outputs; of one that is gone the last. */
  readonly output: string;
  /** The task's taskhash in that build; null if that is not told. */
  readonly taskhash: string | null;
  /** Whether it was another one when the output was last written; null if that is not told. False with a changed output: not reproducible. */
  readonly newTaskhash: boolean | null;
}

/** What became of outputs, build by build: only what changed. @param builds the oldest first */
export function* outputRows(builds: readonly BuildOutputs[]): Generator<OutputRow> {
  const last = new Map<string, { readonly output: string; readonly taskhash: string | null }>();
  for (const [build, { commit, written, taskhashes }] of builds.entries()) {
    for (const { pn, task, restored, output } of written) {
      const name = formatTaskName({ pn, task });
      const key = `${name} ${restored}`;
      const before = last.get(key);
      const taskhash = taskhashes?.get(name) ?? null;
      const isKnown = taskhash !== null && before !== undefined && before.taskhash !== null;
      yield {
        build,
        commit,
        change: output === null ? "gone" : before === undefined ? "new" : "changed",
        name,
        restored,
        output: output ?? before?.output ?? "",
        taskhash,
        newTaskhash: isKnown ? before.taskhash !== taskhash : null,
      };
      if (output === null) last.delete(key);
      else last.set(key, { output, taskhash });
    }
  }
}
