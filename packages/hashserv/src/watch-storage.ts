import type { Log } from "./log.ts";
import type { Storage } from "./storage/storage.ts";

/** Milliseconds between two questions. */
const PAUSE_MS = 500;

/**
 * Asks a storage again and again how it is, whether anybody uses it or not, and says so when that changes.
 *
 * @returns ends it
 */
export function watchStorage(storage: Pick<Storage, "check">, log: Log): () => void {
  let failing = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const reason = await storage.check().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (timer === undefined) return;
    if (reason !== undefined && !failing) log("ERROR", reason);
    if (reason === undefined && failing) log("WARNING", "the database is well again");
    failing = reason !== undefined;
    wait();
  };
  const wait = () => {
    timer = setTimeout(look, PAUSE_MS).unref();
  };
  wait();
  return () => {
    clearTimeout(timer);
    timer = undefined;
  };
}
