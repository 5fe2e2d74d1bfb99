import { readFile } from "node:fs/promises";
import { HistoryError } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { checkScenario } from "./check-scenario.ts";
import { checkConversation } from "./conversation-check.ts";
import { RecordingError } from "./errors.ts";
import { checkHistory } from "./history-check.ts";
import { OutHashVectorError, parseOutHashVector } from "./outhash-vector.ts";
import { checkOutHashVector } from "./outhash-vector-check.ts";
import type { Recording } from "./recordings.ts";
import { parseScenario, ScenarioError } from "./scenario.ts";
import { LaunchError, parseTranscript, type Transcript } from "./transcript/index.ts";
import type { Verdict } from "./verdict.ts";

/** What checking a file comes to. */
export type Outcome =
  | Verdict
  | {
      /** The file begins like a recording and is a bad one. */
      readonly verdict: "broken";
      /** Names the file and, where there is one, the line or the field. */
      readonly problem: string;
    };

/** What recordings are checked against, where it is not the packages. */
export interface Subjects {
  /** Starts the server for conversations; flags are appended. */
  readonly serverCommand?: string | undefined;
}

/** Checks one recording against the packages. An error of theirs on a good recording is a difference. */
export async function checkRecording({ path, kind }: Recording, subjects: Subjects = {}): Promise<Outcome> {
  try {
    switch (kind) {
      case "scenario":
        return await checkScenario(parseScenario(await readJson(path)));
      case "outhash-vector":
        return await checkOutHashVector(parseOutHashVector(await readJson(path)));
      case "history":
        return await checkHistory(await readHistory(path), path);
      case "conversation":
        return await checkConversation(await readTranscript(path), subjects.serverCommand);
      case "unreadable":
        throw new RecordingError(path, `expected JSON: ${await findJsonProblem(path)}`);
    }
  } catch (error) {
    if (error instanceof HistoryError || error instanceof RecordingError) {
      return { verdict: "broken", problem: error.message };
    }
    if (error instanceof ScenarioError || error instanceof OutHashVectorError) {
      return { verdict: "broken", problem: `${path}: ${error.message}` };
    }
    if (error instanceof LaunchError) return { verdict: "differs", difference: error.message };
    const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { verdict: "differs", difference: `expected an answer, found ${found}` };
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}

/** @throws {RecordingError} */
async function readTranscript(path: string): Promise<Transcript> {
  const text = await readFile(path, "utf8");
  try {
    return parseTranscript(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new RecordingError(path, cause.message, { cause });
  }
}

async function findJsonProblem(path: string): Promise<string> {
  try {
    await readJson(path);
    return "the file changed while it was read";
  } catch (error) {
    return (error as Error).message;
  }
}
