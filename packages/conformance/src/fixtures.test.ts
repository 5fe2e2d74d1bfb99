import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkRecording } from "./check-recording.ts";
import { findRecordings } from "./recordings.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const recordings = await findRecordings([`${ROOT}fixtures`, `${ROOT}examples`]);

/** What may come out for a recording of each kind; no scenario awaits anything. */
const ALLOWED = {
  scenario: ["agrees"],
  "outhash-vector": ["agrees"],
  history: ["agrees"],
  conversation: ["agrees"],
  unreadable: [],
} as const;

describe("the project's recordings, as the command finds them", () => {
  it("are of every kind", () => {
    const kinds = new Set(recordings.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["conversation", "history", "outhash-vector", "scenario"]);
  });

  it.each(recordings.map((recording) => [recording.path.slice(ROOT.length), recording] as const))(
    "%s does not differ",
    async (_name, recording) => {
      const outcome = await checkRecording(recording);
      expect(ALLOWED[recording.kind], JSON.stringify(outcome)).toContain(outcome.verdict);
    },
  );
});
