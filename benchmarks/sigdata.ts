import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/**
 * How long `depid import sigdata` takes for a folder of many signature files, and how much memory.
 *
 * `tsx benchmarks/sigdata.ts FOLDER [FILES]`: copies the signature files of FOLDER, the stamps of any build, under other recipe
 * names until there are FILES of them (default 50,000), and imports the copy. It needs GNU time.
 */
const [source, wanted = "50000"] = process.argv.slice(2);
if (source === undefined) {
  process.stderr.write("usage: tsx benchmarks/sigdata.ts FOLDER [FILES]\n");
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), "depid-sigdata-"));
try {
  const files = (await readdir(source, { recursive: true })).filter((name) =>
    /\.sig(?:base)?data\.[0-9a-f]{64}$/.test(name),
  );
  if (files.length === 0) throw new Error(`${source}: no files *.sigdata.*`);
  const count = Number(wanted);
  for (let i = 0; i < count; i++) {
    const file = files[i % files.length] as string;
    const round = Math.floor(i / files.length);
    const copy = join(
      folder,
      "stamps",
      dirname(file),
      round === 0 ? "." : `../${basename(dirname(file))}-copy${round}`,
    );
    await mkdir(copy, { recursive: true });
    await copyFile(join(source, file), join(copy, basename(file)));
  }
  process.stdout.write(`${count} signature files, from ${files.length} of ${source}\n`);
  const depid = resolve(import.meta.dirname, "../apps/simulator/bin/depid.js");
  const output = join(folder, "capture.jsonl.gz");
  const started = performance.now();
  const child = spawn("/usr/bin/env", [
    "time",
    "-v",
    "node",
    depid,
    "import",
    "sigdata",
    join(folder, "stamps"),
    "-o",
    output,
  ]);
  let told = "";
  child.stdout.on("data", (text) => process.stdout.write(text));
  child.stderr.on("data", (text) => {
    told += text;
  });
  const code = await new Promise((done) => child.on("close", done));
  const figure = (name: string) => Number(new RegExp(`${name} \\([a-z]+\\): ([\\d.]+)`).exec(told)?.[1]);
  const peak = figure("Maximum resident set size") / 1024;
  const busy = figure("User time") + figure("System time");
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `exit status ${code}, ${seconds.toFixed(1)} s (processors busy ${busy.toFixed(1)} s), peak ${peak.toFixed(0)} MiB\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
