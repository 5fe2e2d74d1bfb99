import { ServerThreadError } from "./errors.ts";
import { Thread } from "./thread.ts";

export { argsForProgram, moduleForThread } from "./thread.ts";

/** What the thread says of its start: where clients find the server, or what the system refused. */
export type Started = { readonly address: string } | { readonly problem: string };

/** A hash equivalence server in a thread of its own, which keeps all in memory. */
export interface ServerInThread {
  /** Where clients find it. */
  readonly address: string;
  /** Ends it as `Server.close` does. @returns why it had ended by itself before; `undefined` if it had not */
  close(): Promise<Error | undefined>;
}

/**
 * Starts a server in a thread: what it does goes on beside the work of who asks it. Nothing of the server is loaded into the calling thread.
 *
 * @param bind `unix://PATH` or `HOST:PORT`, where port 0 takes a free one
 * @throws {ServerThreadError} when it cannot listen there
 */
export function startServerInThread(bind: string): Promise<ServerInThread> {
  return startIn(new Thread("server-thread", import.meta.url, undefined), bind);
}

/** @param thread in which the server will be; tests have one that ends by itself */
export async function startIn(
  thread: Thread<string | undefined, string, Started>,
  bind: string,
): Promise<ServerInThread> {
  const started = await thread.ask(bind);
  if ("problem" in started) {
    await thread.close();
    throw new ServerThreadError(`the server in a thread of its own: ${started.problem}`);
  }
  return {
    address: started.address,
    async close() {
      await thread.close();
      return thread.failure === undefined ? undefined : tellWhy(thread.failure);
    },
  };
}

/** Memory that runs out is no bug: more of it may be given. */
function tellWhy(failure: unknown): Error {
  if (failure instanceof Error && "code" in failure && failure.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return new ServerThreadError(OUT_OF_MEMORY, { cause: failure });
  }
  return new Error("the server in a thread of its own has ended", { cause: failure });
}

const OUT_OF_MEMORY =
  "the server in a thread of its own ran out of memory: give it more, say with NODE_OPTIONS=--max-old-space-size=8192 (MiB)";
