/** Something that is due at a time. */
interface Due<T> {
  readonly at: number;
  readonly order: number;
  readonly what: T;
}

/** What is to happen on a virtual clock: the earliest first; of the same time, what was put in first. */
export class Agenda<T> {
  readonly #heap: Due<T>[] = [];
  #count = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the next thing is due; `undefined` if there is none. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.at;
  }

  add(at: number, what: T): void {
    const heap = this.#heap;
    const due = { at, order: this.#count++, what };
    let place = heap.push(due) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(due, heap[parent] as Due<T>)) break;
      heap[place] = heap[parent] as Due<T>;
      place = parent;
    }
    heap[place] = due;
  }

  /** Takes out what is due next. */
  take(): T | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.what;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due<T>, heap[child] as Due<T>)) child += 1;
      if (!isBefore(heap[child] as Due<T>, last)) break;
      heap[place] = heap[child] as Due<T>;
      place = child;
    }
    heap[place] = last;
    return first.what;
  }
}

function isBefore(a: Due<unknown>, b: Due<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
