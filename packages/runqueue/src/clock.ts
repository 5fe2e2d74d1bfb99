import TinyQueue from "tinyqueue";

/** Something that is due at a time. */
interface Due<T> {
  readonly at: number;
  readonly order: number;
  readonly what: T;
}

/** What is to happen on a virtual clock: the earliest first; of the same time, what was put in first. */
export class Agenda<T> {
  readonly #queue = new TinyQueue<Due<T>>([], (a, b) => a.at - b.at || a.order - b.order);
  #count = 0;

  get size(): number {
    return this.#queue.length;
  }

  /** When the next thing is due; `undefined` if there is none. */
  get nextAt(): number | undefined {
    return this.#queue.peek()?.at;
  }

  add(at: number, what: T): void {
    this.#queue.push({ at, order: this.#count++, what });
  }

  /** Takes out what is due next. */
  take(): T | undefined {
    return this.#queue.pop()?.what;
  }
}
