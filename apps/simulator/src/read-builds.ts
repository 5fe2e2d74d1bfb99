import { loadBuild } from "@depid/bitbake/fs";
import type { Capture } from "@depid/task-graph";
import ora from "ora";

/** Reads a build and another, if there is one, and tells on stderr which: folders of signature files may take a while. */
export async function readBuilds<T extends string | undefined>(
  build: string,
  other: T,
): Promise<readonly [Capture, T extends string ? Capture : Capture | undefined]> {
  const spinner = process.stderr.isTTY ? ora({ discardStdin: false }) : undefined;
  const read = (input: string) => {
    const text = `reading ${JSON.stringify(input)}`;
    if (spinner === undefined) process.stderr.write(`${text}\n`);
    else spinner.start(text);
    return loadBuild(input);
  };
  try {
    const first = await read(build);
    return [first, (other === undefined ? undefined : await read(other)) as Capture];
  } finally {
    spinner?.stop();
  }
}
