import { outsideReason } from "@depid/hash";
import { type Server, startServer } from "./server.ts";
import type { Started } from "./server-in-thread.ts";
import { createMemoryStorage } from "./storage/memory/memory-storage.ts";
import { answerQuestions } from "./thread.ts";

/** A server that keeps all in memory. Asked for an address to listen on, it starts. */
answerQuestions(() => {
  let server: Server | undefined;
  return {
    async answer(bind: string): Promise<Started> {
      try {
        server = await startServer({ bind, storage: createMemoryStorage() });
        return { address: server.address };
      } catch (error) {
        return { problem: outsideReason(error) };
      }
    },
    close: async () => server?.close(),
  };
});
