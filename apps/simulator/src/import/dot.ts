import { parsePnBuildList } from "@depid/bitbake";
import { edgesOf, readTaskDependsDot, readTextFile } from "@depid/bitbake/fs";
import { recipeOfName } from "@depid/hash";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags } from "./table.ts";

export interface DotFlags extends TableFlags {
  readonly pnBuildlist?: string;
}

/** The dependencies of a graph as a table. */
export async function importDot(file: string, flags: DotFlags, shutdown: Shutdown): Promise<void> {
  const graph = await readTaskDependsDot(file);
  const tasks = [...graph.tasks.values()];
  const recipes = new Set(tasks.map(({ name }) => recipeOfName(name)));
  const listed = flags.pnBuildlist === undefined ? undefined : await readList(flags.pnBuildlist);
  const compared = listed && {
    listedRecipes: listed.size,
    listedWithoutTask: [...listed].filter((name) => !recipes.has(name)).length,
    unlistedRecipes: [...recipes].filter((name) => !listed.has(name)).length,
  };
  const counts = {
    tasks: tasks.length,
    edges: graph.edges,
    recipes: recipes.size,
    tasksWithoutFile: tasks.filter(({ tid }) => tid === undefined).length,
    ...compared,
  };
  await importTable("dot", { source: edgesOf(graph, file), count() {}, counts: () => counts }, flags, shutdown);
  if (compared === undefined || compared.unlistedRecipes < recipes.size) return;
  process.stderr.write(`${flags.pnBuildlist}: names no recipe of ${file}: they are of two builds\n`);
  process.exitCode = 1;
}

async function readList(file: string): Promise<ReadonlySet<string>> {
  return new Set(parsePnBuildList(await readTextFile(file), file));
}
