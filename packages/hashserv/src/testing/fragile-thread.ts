import { answerQuestions } from "../thread.ts";

/** Answers a question with itself, but to "fail" throws, to "die" it ends, and to "crash" it ends with an error nobody caught. */
answerQuestions(() => ({
  answer: (question: string): string | Promise<string> => {
    if (question === "fail") throw new RangeError("no answer to that");
    if (question === "die") process.exit(0);
    if (question !== "crash") return question;
    setImmediate(() => {
      throw new Error("crashed");
    });
    return new Promise(() => {});
  },
  close: () => {},
}));
