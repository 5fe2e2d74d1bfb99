import { formatMismatch } from "@depid/bitbake";
import { type LoadedBuild, loadBuild, SigdataReader } from "@depid/bitbake/fs";
import { openProgress } from "@depid/command-line/progress";

/**
 * Reads a build and another, if there is one. Tells on stderr which, how far it is with folders of signature files, and which
 * hashes in them do not follow from their content.
 */
export async function readBuilds<T extends string | undefined>(
  build: string,
  other: T,
  signal: AbortSignal,
): Promise<readonly [LoadedBuild, T extends string ? LoadedBuild : LoadedBuild | undefined]> {
  const reader = await SigdataReader.open({ builds: other === undefined ? "one" : "several" });
  const first = await readBuild(build, reader, signal);
  return [first, (other === undefined ? undefined : await readBuild(other, reader, signal)) as LoadedBuild];
}

async function readBuild(input: string, reader: SigdataReader, signal: AbortSignal): Promise<LoadedBuild> {
  process.stderr.write(`reading ${JSON.stringify(input)}\n`);
  const progress = await openProgress();
  const mismatches: string[] = [];
  try {
    return await loadBuild(input, {
      reader,
      signal,
      onProgress: (done, total) => progress.update({ things: "signature files", done, total }),
      onMismatch: (mismatch) => mismatches.push(`${formatMismatch(mismatch)}\n`),
    });
  } finally {
    progress.end();
    process.stderr.write(mismatches.join(""));
  }
}
