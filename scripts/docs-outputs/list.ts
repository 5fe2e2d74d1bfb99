import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "./session.ts";

const LEFT_OUT = new Set(["node_modules", "dist"]);

/** @returns paths of all Markdown files of the repository, relative to it, sorted; what was installed or built is left out, and hidden folders */
export async function listDocuments(folder = ""): Promise<string[]> {
  const entries = await readdir(join(REPOSITORY, folder), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile() && entry.name.endsWith(".md")) found.push(path);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name) && !entry.name.startsWith("."))
      found.push(...(await listDocuments(path)));
  }
  return found;
}
