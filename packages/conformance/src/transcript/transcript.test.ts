import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerOptions } from "@depid/hashserv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createCommandLauncher,
  createOwnLauncher,
  KNOWN_DIFFERENCES,
  parseTranscript,
  replayTranscript,
  type Transcript,
} from "./index.ts";

const TRANSCRIPTS = new URL("../../../../fixtures/hashserv/transcripts/", import.meta.url);
const NAMES = (await readdir(TRANSCRIPTS)).filter((file) => file.endsWith(".jsonl")).map((file) => file.slice(0, -6));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterAll(() => rm(directory, { recursive: true }));

const newFolder = () => mkdtemp(join(directory, "t-"));
const read = async (name: string) => readFile(new URL(`${name}.jsonl`, TRANSCRIPTS), "utf8");

/** Compares a recording with our server. @param options for every server */
async function expectAgreement(name: string, transcript: Transcript, options: Partial<ServerOptions> = {}) {
  const known = KNOWN_DIFFERENCES[name] ?? [];
  const result = await replayTranscript(transcript, createOwnLauncher(await newFolder(), options), new Set(known));
  expect(result.difference).toBeUndefined();
  expect(result.known.filter(({ line }) => !known.includes(line))).toEqual([]);
  // A difference that ends a connection hides those behind it.
  expect(result.known.length > 0).toBe(known.length > 0);
  expect(result.agreed).toBeGreaterThan(0);
}

it.each(NAMES)("the recording %s agrees with our server, but where it is known not to", async (name) => {
  await expectAgreement(name, parseTranscript(await read(name)));
});

const ALL = await Promise.all(NAMES.map(async (name) => ({ name, transcript: parseTranscript(await read(name)) })));
/** Whoever writes behind has the file alone. */
const ALONE = ALL.filter(({ transcript }) => {
  const servers = [...transcript.servers.values()];
  return (
    new Set(servers.map(({ database }) => database)).size === servers.length && !servers.some((one) => one.readOnly)
  );
});

it.each(ALONE)(
  "the recording $name agrees with our server when it writes behind, too",
  async ({ name, transcript }) => {
    await expectAgreement(name, transcript, { writeBehind: true });
  },
);

it("only recordings of defects have known differences", () => {
  for (const name of Object.keys(KNOWN_DIFFERENCES)) {
    expect(name).toMatch(/^quirk-/);
    expect(NAMES).toContain(name);
  }
});

describe("a recording that was altered", () => {
  it.each([
    ["an answer", "equiv", /"dir": "<".*unihash\\"/, /(unihash\\": \\")./, "$1_", /^line \d+: expected .*, found .*$/],
    ["an end", "handshake", /OEHASHEQUIV 2\.0/, "2.0", "1.1", /^line \d+: expected the end, found silence$/],
  ])("is told with its line: %s", async (_what, name, which, text, by, difference) => {
    const lines = (await read(name)).split("\n");
    const at = lines.findLastIndex((line) => which.test(line));
    lines[at] = (lines[at] ?? "").replace(text, by);
    const launcher = createOwnLauncher(await newFolder());
    // The end that does not come is waited for.
    const result = await replayTranscript(parseTranscript(lines.join("\n")), launcher, new Set(), 5_000);
    expect(result.difference).toMatch(difference);
  });

  it("with an option there is none of is refused", async () => {
    const recorded = (await read("equiv")).replace('"net": "tcp"', '"net": "tcp", "x": 1');
    expect(() => parseTranscript(recorded)).toThrow("transcript: server s: unknown option x");
  });
});

describe("a server started by a command", () => {
  it("that ends at once is told with what it said", async () => {
    const launcher = createCommandLauncher(await newFolder(), "sh -c 'echo not today >&2; exit 3'");
    const replay = replayTranscript(parseTranscript(await read("equiv")), launcher);
    await expect(replay).rejects.toThrow("the server ended with 3: not today");
  });
});
