import { describe, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { parseRun } from "./parse-run.ts";

describe("what is read as a run", () => {
  it.each([
    ["nothing", "", 'file: expected a run (one JSON document, "format": "depid-run/1"), found nothing'],
    ["no JSON", "<html>", 'file: expected a run (one JSON document, "format": "depid-run/1"), found "<html>"'],
    [
      "another document",
      '{"format":"depid-replay/1"}',
      'file: format: expected "depid-run/1", as depid replay --record writes it, found "depid-replay/1"',
    ],
    ["a list", "[]", 'file: format: expected "depid-run/1", as depid replay --record writes it, found none'],
    [
      "a run without tasks",
      '{"format":"depid-run/1"}',
      "file: replay: Invalid input: expected object, received undefined",
    ],
  ])("is told in one line with what was expected: %s", (_what, text, message) => {
    expect(() => parseRun(text, "file")).toThrow(new RunError("file", 0, message.replace("file: ", "")));
  });
});
