import { parentPort, Worker, workerData } from "node:worker_threads";

/**
 * One of our modules in a thread of its own, which answers one question at a time. The thread begins with the first one.
 * It alone does not keep the process alive, waiting for its answer does.
 */
export class Thread<Data, Question, Answer> {
  readonly #name: string;
  readonly #beside: string;
  readonly #data: Data;
  #worker: Worker | undefined;
  #closed: Promise<unknown> | undefined;
  #failure: unknown;

  /**
   * @param name of a file that calls `answerQuestions`, without its ending
   * @param beside the `import.meta.url` of a file in the same folder
   */
  constructor(name: string, beside: string, data: Data) {
    this.#name = name;
    this.#beside = beside;
    this.#data = data;
  }

  /** Why the thread has ended by itself, and would again; `undefined` while it has not. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Has the thread begin before it is asked anything. */
  begin(): void {
    this.#worker ??= this.#start();
    this.#worker.unref();
  }

  /** To be called when the one before is answered. @throws when the thread fails, or ends */
  async ask(question: Question): Promise<Answer> {
    if (this.#failure !== undefined || this.#closed !== undefined) throw this.#endedError();
    this.#worker ??= this.#start();
    const worker = this.#worker;
    worker.ref();
    worker.postMessage({ question });
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        worker.off("message", answered).off("error", failed).off("exit", ended);
        worker.unref();
        finish();
      };
      const answered = (message: Message<Answer>) =>
        settle(() => ("error" in message ? reject(message.error) : resolve(message.answer)));
      const failed = (error: unknown) => settle(() => reject(error));
      const ended = () => failed(this.#endedError());
      worker.on("message", answered).on("error", failed).on("exit", ended);
    });
  }

  /** Waits until the thread has let go of what it has. To be called when all is answered. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined || this.#failure !== undefined) return;
    this.#closed ??= new Promise((resolve) => {
      worker.once("exit", resolve);
      worker.ref();
      worker.postMessage("close");
    });
    await this.#closed;
  }

  #endedError(): Error {
    return new Error(`the thread ${this.#name} has ended`);
  }

  #start(): Worker {
    const { url, execArgv } = moduleForThread(this.#name, this.#beside);
    const worker = new Worker(url, { workerData: this.#data, execArgv });
    worker.on("error", (error) => {
      this.#failure = error;
    });
    worker.on("exit", () => {
      if (this.#closed === undefined) this.#failure ??= this.#endedError();
    });
    return worker;
  }
}

/** The same, for answers that need nothing of those before: a thread that has ended, for want of memory or of open files say, is followed by another. */
export class RenewedThread<Data, Question, Answer> {
  readonly #create: () => Thread<Data, Question, Answer>;
  #thread: Thread<Data, Question, Answer>;

  /** As `Thread` has them. */
  constructor(...parts: ConstructorParameters<typeof Thread<Data, Question, Answer>>) {
    this.#create = () => new Thread(...parts);
    this.#thread = this.#create();
  }

  begin(): void {
    this.#thread.begin();
  }

  ask(question: Question): Promise<Answer> {
    if (this.#thread.failure !== undefined) this.#thread = this.#create();
    return this.#thread.ask(question);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

/**
 * The other end of a `Thread`.
 *
 * @param open takes the thread's data; gives what answers questions, and what lets go
 */
export function answerQuestions<Data, Question, Answer>(
  open: (data: Data) => {
    readonly answer: (question: Question) => Answer | Promise<Answer>;
    readonly close: () => void | Promise<void>;
  },
): void {
  const { answer, close } = open(workerData as Data);
  parentPort?.on("message", async (message: { readonly question: Question } | "close") => {
    if (message === "close") {
      await close();
      parentPort?.close();
      return;
    }
    try {
      parentPort?.postMessage({ answer: await answer(message.question) });
    } catch (error) {
      parentPort?.postMessage({ error });
    }
  });
}

type Message<Answer> = { readonly answer: Answer } | { readonly error: unknown };

const IS_SOURCE = import.meta.url.endsWith(".ts");
/** `npm test` builds everything before its tests: what they start beside themselves is what was built, which starts in a third of the time. */
const STARTS_BUILT = !IS_SOURCE || process.env.DEPID_TEST_BUILT === "1";
/** Our sources are TypeScript, which Node 20 reads through tsx: who runs them has that, the built package needs nothing. */
const FROM_SOURCE = "--conditions=@depid/source";

/**
 * One of our modules as a thread is to load it: as source where we are.
 *
 * @param name of a file, without its ending
 * @param beside the `import.meta.url` of a file in the same folder
 * @returns where it is, and the thread's options of Node
 */
export function moduleForThread(name: string, beside: string): { readonly url: URL; readonly execArgv: string[] } {
  if (STARTS_BUILT) return { url: new URL(`${name}.js`, builtOf(beside)), execArgv: [] };
  // In threads tsx does nothing unless told.
  const register = `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))}; register();`;
  const execArgv = ["--import", `data:text/javascript,${encodeURIComponent(register)}`, FROM_SOURCE];
  return { url: new URL(`${name}.ts`, beside), execArgv };
}

/**
 * One of our programs as a process is to run it: as source where we are.
 *
 * @param main its source
 * @returns arguments of Node
 */
export function argsForProgram(main: string): string[] {
  return STARTS_BUILT ? [builtOf(main)] : [FROM_SOURCE, "--import", import.meta.resolve("tsx"), main];
}

/** Where a source was built to; what is no source is built. */
function builtOf(source: string): string {
  return source.replace(/^(.*)\/src\/(.*)\.ts$/, "$1/dist/$2.js");
}
