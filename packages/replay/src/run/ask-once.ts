import type { DepId, TaskHash } from "@depid/hash";
import type { EquivalenceService } from "../equivalence-service.ts";

/**
 * A service that is asked for each taskhash of one name space once, and once more after the taskhash was reported or declared through this one. Nobody
 * else writes there, as the name space is new and a policy's own, and the server writes the depid of a taskhash once: a depid that it gave is final, and a
 * taskhash that it did not know stays unknown until a report of ours. So the answers are those of the service itself, in whatever order it is asked and
 * told, and a fresh builder, which asks for all of its tasks again, causes no round trip for what did not change.
 *
 * @param method the name space; look-ups in any other are passed on
 */
export function askOnce(service: EquivalenceService, method: string): EquivalenceService {
  /** Answers; `undefined`: there was none. */
  const known = new Map<TaskHash, DepId | undefined>();
  /** Begins and ends of reports and declarations: that nothing is known of a taskhash may be out of date after one. */
  let turns = 0;
  return {
    async getDepIds(queries) {
      const answers = queries.map((query) => (query.method === method ? known.get(query.taskhash) : undefined));
      const open = queries.filter((query) => query.method !== method || !known.has(query.taskhash));
      if (open.length === 0) return answers;
      const turn = turns;
      const asked = await service.getDepIds(open);
      let at = 0;
      return queries.map((query, i) => {
        if (query !== open[at]) return answers[i];
        const answer = asked[at++];
        if (query.method === method && (answer !== undefined || turn === turns)) known.set(query.taskhash, answer);
        return answer;
      });
    },
    reportAll: (reports) => tell(reports, () => service.reportAll(reports)),
    reportEquiv: (declared) => tell([declared], () => service.reportEquiv(declared)),
  };

  async function tell<T>(told: readonly { readonly taskhash: TaskHash }[], send: () => Promise<T>): Promise<T> {
    forget(told);
    try {
      return await send();
    } finally {
      forget(told);
    }
  }

  function forget(told: readonly { readonly taskhash: TaskHash }[]): void {
    turns++;
    for (const { taskhash } of told) if (known.get(taskhash) === undefined) known.delete(taskhash);
  }
}
