import { parsePnBuildList } from "@depid/bitbake";
import { edgesOf, readTaskDependsDot, readTextFile } from "@depid/bitbake/fs";
import { recipeOfName } from "@depid/hash";
import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, withTableFlags } from "./table.ts";

interface DotFlags extends TableFlags {
  readonly pnBuildlist?: string;
}

/** `depid import dot`: the dependencies of `task-depends.dot`. */
export function addImportDot(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("dot"))
    .description("read what must be complete before what, from bitbake -g")
    .argument("<file>", "task-depends.dot")
    .option("--pn-buildlist <file>", "pn-buildlist of the same build, to hold against the graph")
    .action((file: string, flags: DotFlags) => runImport(file, flags, shutdown));
}

async function runImport(file: string, flags: DotFlags, shutdown: Shutdown): Promise<void> {
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
