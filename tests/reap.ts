import { readdirSync, readFileSync } from "node:fs";
import { afterAll } from "vitest";

// A test that fails half way leaves the processes it started; they end with its file at the latest.
afterAll(() => {
  for (const pid of descendantsOf(process.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
});

/** What a process has started, and what that has started in turn. Nothing where there is no /proc. */
function descendantsOf(pid: number): readonly number[] {
  const children = listProcesses().filter((it) => it.parent === pid);
  return children.flatMap((it) => [it.pid, ...descendantsOf(it.pid)]);
}

function listProcesses(): readonly { readonly pid: number; readonly parent: number }[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), parent: parentOf(name) }));
  } catch {
    return [];
  }
}

/** 0 if it has ended meanwhile. */
function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
