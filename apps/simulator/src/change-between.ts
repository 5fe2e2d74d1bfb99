import { loadBuild } from "@depid/bitbake/fs";
import { compareCaptures, type TaskChange } from "@depid/compare";

/** What differs between two signature files of one task. */
export async function changeBetween(before: string, after: string): Promise<TaskChange | undefined> {
  const [old, young] = [await loadBuild(before), await loadBuild(after)];
  return compareCaptures(old, young).changed[0];
}
