import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DocumentError } from "./blocks.ts";
import { checkDocument } from "./document.ts";
import { listDocuments } from "./list.ts";
import { REPOSITORY } from "./session.ts";

const USAGE = `usage: npm run docs -- [--check] [--minutes] [FILE...]

Runs the commands that the documents show and writes what they print now in place of what is there (CONTRIBUTING.md, "Outputs in documents").
  --check    writes nothing; exit status 1 and what differs, with file and line
  --minutes  also those that take minutes
With BITBAKE_DIR and OE_CORE_DIR, checkouts of BitBake and OE-Core, those of BitBake run, too (a quarter of an hour, not as root).`;

const flags = process.argv.slice(2).filter((it) => it.startsWith("-"));
const names = process.argv.slice(2).filter((it) => !it.startsWith("-"));
const unknown = flags.find((it) => it !== "--check" && it !== "--minutes" && it !== "--help");
if (unknown !== undefined || flags.includes("--help")) {
  (unknown === undefined ? process.stdout : process.stderr).write(`${USAGE}\n`);
  process.exit(unknown === undefined ? 0 : 2);
}

const { BITBAKE_DIR, OE_CORE_DIR } = process.env;
const means = { bitbake: Boolean(BITBAKE_DIR && OE_CORE_DIR), minutes: flags.includes("--minutes") };
try {
  let differing = 0;
  for (const file of names.length > 0 ? names : await listDocuments()) {
    const before = await readFile(join(REPOSITORY, file), "utf8");
    const { text, ran, left, differences } = await checkDocument(file, before, means);
    differing += differences.length;
    for (const it of differences) process.stdout.write(`${it}\n`);
    const passed = Object.entries(left).map(([needs, count]) => `, ${count} left: need ${needs}`);
    if (ran > 0 || passed.length > 0) process.stderr.write(`${file}: ${ran} commands ran${passed.join("")}\n`);
    if (text !== before && !flags.includes("--check")) {
      await writeFile(join(REPOSITORY, file), text);
      process.stderr.write(`${file}: written\n`);
    }
  }
  process.exitCode = differing > 0 && flags.includes("--check") ? 1 : 0;
} catch (error) {
  if (!(error instanceof DocumentError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
