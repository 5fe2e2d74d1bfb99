/** What decides in which order all goes that waits: fast-check's `fc.scheduler()` has this shape. */
export interface Scheduler {
  schedule(task: Promise<void>, label: string): Promise<void>;
  /** Lets one go on that waits. */
  waitOne(): Promise<void>;
  count(): number;
}

/** So many steps are enough for every life: more means that somebody waits for what never comes. */
const MOST_STEPS = 20_000;

/** Callbacks of timers that were never cleared, and of what waited for its turn. */
type Callback = () => void;

/**
 * Time and chance of one life: whoever waits in it, for a timer, a turn of the event loop or the writer's thread, goes on
 * when the scheduler says so. There is one process at a time; what the killed ones still had before them stays undone.
 */
export class World {
  readonly #scheduler: Scheduler;
  readonly #chance: () => number;
  readonly #real = { setImmediate, setTimeout, clearTimeout, now: performance.now };
  readonly #undone: Callback[] = [];
  #process: Process | undefined;
  #now = 0;
  #order = 0;
  #steps = 0;
  #isInterlude = false;
  #isLiving = true;

  /** @param chance gives whole numbers from 0 to 99 */
  constructor(scheduler: Scheduler, chance: () => number) {
    this.#scheduler = scheduler;
    this.#chance = chance;
  }

  /** Steps that were taken. */
  get steps(): number {
    return this.#steps;
  }

  /** The process that is alive; `undefined` between two. */
  get process(): Process | undefined {
    return this.#process;
  }

  begin(process: Process): void {
    this.#process = process;
  }

  /** The process is no more; what it waits for does not come. */
  end(): void {
    this.#process = undefined;
  }

  /** Numbers what happens, in order. */
  count(): number {
    return ++this.#order;
  }

  /** A number from 0 to 99. */
  draw(): number {
    return this.#chance();
  }

  /** Whether what happens in so many of a hundred cases happens now. */
  happens(percent: number): boolean {
    return this.#isLiving && this.#chance() < percent;
  }

  /** Waits for a turn as somebody outside of all processes. */
  async turn(label: string): Promise<void> {
    await this.#scheduler.schedule(Promise.resolve(), label);
  }

  /** Waits for a turn as a part of the process. */
  wait(label: string): Promise<void> {
    return new Promise((resolve) => this.#later(label, resolve));
  }

  /** A place in the midst of code that waits for nothing, where another thread may go on, or the process be killed. */
  interlude(): void {
    if (this.#process === undefined || this.#isInterlude) return;
    this.#isInterlude = true;
    try {
      this.#process.interlude();
    } finally {
      this.#isInterlude = false;
    }
  }

  /** Runs a life, in which all timers and turns are the scheduler's. @throws when somebody waits in vain */
  async live(life: () => Promise<void>): Promise<void> {
    Object.assign(globalThis, {
      setTimeout: (callback: Callback, ms: number) => this.#timer(`timer of ${ms} ms`, callback),
      setImmediate: (callback: Callback) => this.#timer("turn of the loop", callback),
      clearTimeout: (timer: unknown) =>
        timer instanceof Timer ? timer.clear() : this.#real.clearTimeout(timer as NodeJS.Timeout),
    });
    performance.now = () => this.#tick();
    try {
      await this.#drive(life());
    } finally {
      const { now, ...timers } = this.#real;
      Object.assign(globalThis, timers);
      performance.now = now;
    }
  }

  /** Has the killed processes do what they had before them, so that they let go of their files; in real time. */
  letGo(): void {
    this.#isLiving = false;
    for (const callback of this.#undone.splice(0)) callback();
  }

  async #drive(life: Promise<void>): Promise<void> {
    let over = false;
    const end = () => {
      over = true;
    };
    life.then(end, end);
    for (;;) {
      // Whatever waits for promises alone goes on before the next step, as in an event loop.
      await new Promise((resolve) => this.#real.setImmediate(resolve));
      if (over) return life;
      if (this.#scheduler.count() === 0 || this.#steps >= MOST_STEPS) throw new Error("somebody waits in vain");
      this.#steps++;
      await this.#scheduler.waitOne();
    }
  }

  #timer(label: string, callback: Callback): Timer {
    const timer = new Timer(callback);
    this.#later(label, timer.fire);
    return timer;
  }

  #later(label: string, callback: Callback): void {
    const owner = this.#process;
    if (!this.#isLiving) return void this.#real.setImmediate(callback);
    if (owner === undefined) return void this.#undone.push(callback);
    void this.#scheduler.schedule(Promise.resolve(), label).then(() => {
      this.interlude();
      if (this.#process === owner) callback();
      else this.#undone.push(callback);
    });
  }

  #tick(): number {
    this.interlude();
    this.#now += this.happens(10) ? 10 : 0.01;
    return this.#now;
  }
}

/** What the world has to know of a process. */
export interface Process {
  interlude(): void;
}

/** What `setTimeout` gives. */
class Timer {
  #callback: Callback | undefined;

  constructor(callback: Callback) {
    this.#callback = callback;
  }

  readonly fire = (): void => {
    this.#callback?.();
  };

  clear(): void {
    this.#callback = undefined;
  }

  unref(): this {
    return this;
  }
}
