import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { BuildPlan, BuildWorld, EquivalenceDeclarer, OutputReport } from "@depid/runqueue";
import type { EquivalenceService } from "../equivalence-service.ts";
import type { OutHashExtra } from "../outhash-extra.ts";
import type { Reporter } from "../policies/policy.ts";
import type { Contents } from "../truth/truth.ts";
import type { HeldContents } from "./held-contents.ts";
import type { ServerKnowledge } from "./server-knowledge.ts";

/** Through what a build reports. */
export interface ServerSide {
  readonly service: EquivalenceService;
  /** Name space of the policy on the server. */
  readonly method: string;
  /** Learns what the server answers. */
  readonly knowledge: ServerKnowledge;
  readonly contents: Pick<Contents, "namesItself">;
}

/** The server as one build sees it. */
export interface ServerPorts {
  readonly reporting: Pick<BuildWorld, "reporter" | "onStart">;
  readonly equivalences: EquivalenceDeclarer;
  /** Taskhashes that the server knows by this build. */
  readonly news: ReadonlySet<TaskHash>;
}

/** @param extra what outhashes hold beside the output; `undefined`: nothing */
export function openServerPorts(
  { service, method, knowledge, contents }: ServerSide,
  reporter: Reporter,
  held: HeldContents,
  { tids }: Pick<BuildPlan, "tids">,
  extra: OutHashExtra | undefined,
): ServerPorts {
  const news = new Set<TaskHash>();
  /** What the outhashes of tasks hold beside their outputs, as they started. */
  const extras = new Map<Tid, string>();
  return {
    reporting: {
      onStart(task, depIdOf) {
        const lines = extra?.of(task, depIdOf) ?? "";
        if (lines !== "") extras.set(tids[task] as Tid, lines);
      },
      reporter: { report },
    },
    equivalences: { declare },
    news,
  };

  async function report(reports: readonly OutputReport[]): Promise<readonly DepId[]> {
    const rows = reports.map(({ task, taskhash, depid }) => {
      const context = { extra: extras.get(task.tid) ?? "", ...(contents.namesItself(task) ? { names: depid } : {}) };
      return { method, taskhash, depid, outhash: reporter.outHashOf(task, held.get(task.tid), context) };
    });
    const answers = await service.reportAll(rows);
    rows.forEach(({ taskhash, outhash }, i) => {
      if (knowledge.add(taskhash, outhash, answers[i] as DepId)) news.add(taskhash);
    });
    return answers;
  }

  async function declare(rows: readonly OutputReport[]): Promise<readonly DepId[]> {
    const answers: DepId[] = [];
    for (const { taskhash, depid } of rows) {
      const answer = await service.reportEquiv({ method, taskhash, depid });
      if (knowledge.add(taskhash, undefined, answer)) news.add(taskhash);
      answers.push(answer);
    }
    return answers;
  }
}
