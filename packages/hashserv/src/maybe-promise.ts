/** What is there at once, or has to be waited for. Most look-ups are answered from memory, and a promise costs more. */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value: at once if it is there. What `use` throws is thrown, or rejects the promise, accordingly. */
export function andThen<T, U>(value: MaybePromise<T>, use: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return value instanceof Promise ? value.then(use) : use(value);
}

/** Does work, and something at its end, whether it succeeds or not. */
export function andFinally<T>(work: () => MaybePromise<T>, end: () => void): MaybePromise<T> {
  let result: MaybePromise<T>;
  try {
    result = work();
  } catch (error) {
    end();
    throw error;
  }
  if (result instanceof Promise) return result.finally(end);
  end();
  return result;
}
