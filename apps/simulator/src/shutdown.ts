import { rmSync } from "node:fs";
import { setImmediate } from "node:timers/promises";

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Milliseconds between two looks at signals. */
const TURN_MS = 100;

/**
 * Leaves nothing behind: an interrupted run ends as a finished one does, with servers closed and temporary folders removed.
 * A second signal ends it at once; folders are removed even then.
 */
export class Shutdown {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** 128 + number of the signal. */
  exitCode = 0;
  #lastTurn = 0;
  readonly #tasks: (() => Promise<void>)[] = [];
  readonly #folders = new Set<string>();

  readonly #controller = new AbortController();
  readonly #onSignal = (name: NodeJS.Signals): void => {
    const exitCode = SIGNALS[name as keyof typeof SIGNALS];
    if (this.signal.aborted) process.exit(exitCode);
    this.exitCode = exitCode;
    this.#controller.abort(new Error(`ended by ${name}`));
  };
  readonly #onExit = (): void => this.#removeFolders();

  constructor() {
    this.signal = this.#controller.signal;
    for (const name of Object.keys(SIGNALS)) process.on(name, this.#onSignal);
    process.on("exit", this.#onExit);
  }

  /**
   * Gives signals and timers their turn, now and then: work without a pause leaves them none.
   *
   * @throws the signal's reason
   */
  async takeTurn(): Promise<void> {
    if (performance.now() - this.#lastTurn < TURN_MS) return;
    await setImmediate();
    this.#lastTurn = performance.now();
    this.signal.throwIfAborted();
  }

  /** Does this before the program ends, last come first. */
  defer(task: () => Promise<void>): void {
    this.#tasks.push(task);
  }

  /** Removes this folder before the program ends, however it ends. */
  removeAtEnd(folder: string): void {
    this.#folders.add(folder);
  }

  /** Does what was deferred; from then on signals do what they do to any process. */
  async run(): Promise<void> {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) await task();
    this.#removeFolders();
    for (const name of Object.keys(SIGNALS)) process.off(name, this.#onSignal);
    process.off("exit", this.#onExit);
  }

  #removeFolders(): void {
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
    this.#folders.clear();
  }
}
