import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkRecording } from "./check-recording.ts";
import { findRecordings } from "./recordings.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const recordings = await findRecordings([`${ROOT}fixtures`, `${ROOT}examples`]);

/** What may come out for a recording of each kind; of those that await something, what. */
const ALLOWED = {
  scenario: ["agrees"],
  "outhash-vector": ["agrees"],
  history: ["agrees"],
  conversation: ["agrees"],
  unreadable: [],
} as const;

const AWAITS: Readonly<Record<string, RegExp>> = {
  "fixtures/outhash/n31-filemap.json": /^SSTATE_HASHEQUIV_FILEMAP: regular expression .* "\(\?i" is not supported/,
};

describe("the project's recordings, as the command finds them", () => {
  it("are of every kind", () => {
    const kinds = new Set(recordings.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["conversation", "history", "outhash-vector", "scenario"]);
  });

  it.each(recordings.map((recording) => [recording.path.slice(ROOT.length), recording] as const))(
    "%s does not differ",
    async (name, recording) => {
      const outcome = await checkRecording(recording);
      const missing = AWAITS[name];
      if (missing !== undefined) {
        expect(outcome).toEqual({ verdict: "awaits", missing: expect.stringMatching(missing) });
        return;
      }
      expect(ALLOWED[recording.kind], JSON.stringify(outcome)).toContain(outcome.verdict);
    },
  );
});
