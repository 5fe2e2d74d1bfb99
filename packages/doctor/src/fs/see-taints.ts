import { listTaints } from "@depid/bitbake/fs";
import { sstateTaskOf } from "@depid/sstate";
import type { Sighting } from "../finding.ts";
import { Tally } from "../tally.ts";

/**
 * Taint files below folders of stamps, with the task and the day each is of.
 *
 * @param limit how many examples to keep
 * @param skipped is told of folders that we may not look into
 */
export async function seeTaints(
  folders: readonly string[],
  limit: number,
  skipped: (folder: string) => void,
): Promise<Sighting> {
  const tally = new Tally(limit);
  for (const folder of folders) {
    for await (const { file, name, modified } of listTaints(folder, skipped)) {
      const { pn, pv, task } = name;
      tally.add({
        ...(pn === null ? {} : { recipe: pn }),
        version: pv,
        task: sstateTaskOf(task),
        since: modified.toISOString().slice(0, 10),
        path: file,
      });
    }
  }
  return tally;
}
