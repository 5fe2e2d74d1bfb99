import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { BuildPlan, BuildWorld, EquivalenceDeclarer, OutputReport } from "@depid/runqueue";
import type { OutHashExtra } from "../outhash-extra.ts";
import type { Reporter } from "../policies/policy.ts";
import type { Contents } from "../truth/truth.ts";
import type { HeldContents } from "./held-contents.ts";
import type { ToldServer } from "./told-server.ts";

/** Through what a build reports. */
export interface ServerSide {
  readonly server: ToldServer;
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
  { server, contents }: ServerSide,
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

  function report(reports: readonly OutputReport[]): readonly DepId[] {
    return reports.map(({ task, taskhash, depid }) => {
      const context = { extra: extras.get(task.tid) ?? "", ...(contents.namesItself(task) ? { names: depid } : {}) };
      return tell({ taskhash, depid, outhash: reporter.outHashOf(task, held.get(task.tid), context) });
    });
  }

  function declare(rows: readonly OutputReport[]): readonly DepId[] {
    return rows.map(({ taskhash, depid }) => tell({ taskhash, depid }));
  }

  function tell(what: Parameters<ToldServer["tell"]>[0]): DepId {
    if (server.knowledge.depIdOf(what.taskhash) === undefined) news.add(what.taskhash);
    return server.tell(what);
  }
}
