import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ZSTDDecoder } from "zstddec";

/** The floor of `diff`: reads, unpacks and parses each signature file below two build directories once; or of two steps of a history each line up to them. */
const builds = process.argv.slice(2);
const steps = builds.map((build) => /^(.+\.jsonl\.gz)@(\d+)$/.exec(build));
const [history] = steps;
if (history === null) await parseSignatures();
else parseLines(history[1], Math.max(...steps.map((step) => Number(step?.[2]))));

function parseLines(file, last) {
  const lines = gunzipSync(readFileSync(file)).toString().split("\n");
  for (const line of lines.slice(0, last + 2)) JSON.parse(line);
}

async function parseSignatures() {
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  /** Bytes that the largest file unpacks to, at most. */
  const MOST = 2 * 1024 * 1024;
  let files = 0;
  for (const build of builds) {
    for (const name of readdirSync(join(build, "tmp/stamps"), { recursive: true })) {
      if (!/\.sig(?:base)?data\.[0-9a-f]{64}$/.test(name)) continue;
      JSON.parse(utf8.decode(decoder.decode(readFileSync(join(build, "tmp/stamps", name)), MOST)));
      files += 1;
    }
  }
  if (files === 0) throw new Error(`no signature files below ${builds.join(", ")}`);
}
