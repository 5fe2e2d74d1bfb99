import type { Run } from "@depid/run-document";
import { parseRun } from "@depid/run-document/read";
import { useEffect, useState } from "preact/hooks";
import { readFileText } from "../boot/unpack.ts";
import { App } from "./app.tsx";

interface OpenerProps {
  /** The run that came with the page, if one did. */
  readonly run: Run | undefined;
  /** Why it could not be read. */
  readonly problem: string | undefined;
}

/** Shows the run of the page, or one of a file that is opened or dropped here; nothing of it leaves the page. */
export function Opener(given: OpenerProps) {
  const [{ run, problem }, setOpened] = useState(given);
  useEffect(() => {
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void openFile(file).then(setOpened);
    };
    const onOver = (event: DragEvent) => event.preventDefault();
    addEventListener("drop", onDrop);
    addEventListener("dragover", onOver);
    return () => {
      removeEventListener("drop", onDrop);
      removeEventListener("dragover", onOver);
    };
  }, []);
  if (run !== undefined && problem === undefined) return <App key={run.replay.history.source} run={run} />;
  return (
    <main class="opener">
      <h1>depid explorer</h1>
      {problem === undefined ? null : <p class="problem">{problem}</p>}
      <p>
        Drop a run here, or open one: a file that <code>depid replay --record FILE</code> wrote (
        <code>depid-run/1</code>, plain or gzip).
      </p>
      <input
        type="file"
        aria-label="a run"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) void openFile(file).then(setOpened);
        }}
      />
    </main>
  );
}

async function openFile(file: File): Promise<OpenerProps> {
  try {
    return { run: parseRun(await readFileText(file), file.name), problem: undefined };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { run: undefined, problem: problem.startsWith(file.name) ? problem : `${file.name}: ${problem}` };
  }
}
