import { startServer } from "../server.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { answerQuestions } from "../thread.ts";

/** A server that ends with an error nobody caught when it is reported to. @param code of that error, if it has one */
answerQuestions((code: string | undefined) => {
  const recordReports = (): never => {
    setImmediate(() => {
      throw Object.assign(new RangeError("crashed"), code === undefined ? {} : { code });
    });
    throw new Error("the server is dying");
  };
  return {
    async answer(bind: string): Promise<{ readonly address: string }> {
      const server = await startServer({ bind, storage: { ...createMemoryStorage(), recordReports } });
      return { address: server.address };
    },
    close: () => {},
  };
});
