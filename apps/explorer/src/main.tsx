import type { Run } from "@depid/run-document";
import { parseRun } from "@depid/run-document/read";
import { render } from "preact";
import { unpackText } from "./boot/unpack.ts";
import { Opener } from "./views/opener.tsx";

const root = document.getElementById("app");
const packed = document.getElementById("run")?.textContent ?? "";

async function readEmbedded(): Promise<{ readonly run: Run | undefined; readonly problem: string | undefined }> {
  if (packed === "") return { run: undefined, problem: undefined };
  try {
    return { run: parseRun(await unpackText(packed), "the run in this page"), problem: undefined };
  } catch (error) {
    return {
      run: undefined,
      problem: `The run in this page cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

if (root !== null) {
  render(<p role="status">Reading the run …</p>, root);
  // The words are painted before the work begins.
  await new Promise((resolve) => setTimeout(resolve));
  render(<Opener {...(await readEmbedded())} />, root);
}
