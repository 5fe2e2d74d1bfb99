import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatSchema, SCHEMAS } from "./list.ts";

/** Writes the JSON schemas of documents to docs/schemas: `npm run schemas`. */
const folder = join(import.meta.dirname, "../../docs/schemas");
await mkdir(folder, { recursive: true });
for (const [name, schema] of SCHEMAS) await writeFile(join(folder, `${name}.schema.json`), formatSchema(schema));
