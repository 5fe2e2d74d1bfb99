/** A call as its caller saw it, over a state that one call after another changes. */
export interface Call<State> {
  readonly what: string;
  /** What it does when nothing else goes on. */
  readonly apply: (state: State) => { readonly state: State; readonly answer: unknown };
  /** When it was made; numbers grow. */
  readonly called: number;
  /** When it was answered, or can no longer come to anything. */
  readonly ended: number;
  /** `undefined` for one that nobody was told of: it may have come to something, or not. */
  readonly answer: { readonly of: unknown } | undefined;
}

/**
 * Finds an order in which the calls, one after another, give the answers that were given, and which no caller could tell
 * from what was seen: a call that had ended when another was made comes before it (linearizability, Herlihy and Wing 1990).
 * Those without an answer may be left out.
 *
 * @param calls in the order in which they were made
 * @returns `undefined` when there is no such order
 */
export function findOrder<State>(first: State, calls: readonly Call<State>[]): readonly Call<State>[] | undefined {
  const tried = new Set<string>();
  const search = (state: State, done: ReadonlySet<number>): readonly Call<State>[] | undefined => {
    const left = calls.flatMap((call, i) => (done.has(i) ? [] : [{ call, i }]));
    if (left.every(({ call }) => call.answer === undefined)) return [];
    const seen = JSON.stringify([[...done].sort((a, b) => a - b), state]);
    if (tried.has(seen)) return undefined;
    tried.add(seen);
    // Whoever comes next was made before any that must come has ended.
    const until = Math.min(...left.filter(({ call }) => call.answer).map(({ call }) => call.ended));
    const latest = Math.max(0, ...[...done].map((i) => calls[i]?.called ?? 0));
    for (const { call, i } of left) {
      if (call.called > until) break;
      if (call.ended < latest) continue;
      const next = call.apply(state);
      if (call.answer !== undefined && JSON.stringify(next.answer) !== JSON.stringify(call.answer.of)) continue;
      const rest = search(next.state, new Set([...done, i]));
      if (rest !== undefined) return [call, ...rest];
    }
    return undefined;
  };
  return search(first, new Set());
}

/** Calls as a table, for whoever has to find out what went wrong. */
export function formatCalls<State>(calls: readonly Call<State>[]): string {
  return calls
    .map(({ what, called, ended, answer }) => {
      const told = answer === undefined ? "nobody was told" : (JSON.stringify(answer.of) ?? "undefined");
      return `${String(called).padStart(5)} to ${String(ended).padStart(5)}  ${what}: ${told}`;
    })
    .join("\n");
}
