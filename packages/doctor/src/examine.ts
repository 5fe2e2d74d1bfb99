import type { DatabaseFile } from "./database.ts";
import { applyRules, bySeverity, type Finding } from "./finding.ts";
import type { Collection } from "./join.ts";
import { confRules } from "./rules/conf-rules.ts";
import { databaseRules } from "./rules/database-rules.ts";
import { type JoinSeen, joinRules } from "./rules/join-rules.ts";
import { serverRules } from "./rules/server-rules.ts";
import { settingsRules } from "./rules/settings-rules.ts";
import { nothingRule, sstateRules } from "./rules/sstate-rules.ts";
import { collectionRule, type TablesSeen, tableRules } from "./rules/table-rules.ts";
import type { ServerAnswers } from "./server.ts";
import type { SettingsSeen } from "./settings.ts";
import type { SstateSurvey } from "./sstate-survey.ts";

/** All that was looked at; what is absent was not. */
export interface Observations {
  readonly settings?: SettingsSeen;
  readonly sstate?: SstateSurvey;
  /** The folder that was named, if it holds nothing of ours, and how many other files. Then it is not judged. */
  readonly nothing?: { readonly path: string; readonly files: number };
  readonly database?: DatabaseFile;
  readonly tables?: TablesSeen;
  readonly join?: JoinSeen;
  readonly servers: readonly ServerAnswers[];
  /** Garbage collection that the server has not ended. */
  readonly collection?: Collection;
}

/** What is wrong, worst first. Pure: equal observations give equal findings. */
export function examine(seen: Observations): readonly Finding[] {
  return bySeverity([
    ...(seen.settings === undefined ? [] : applyRules([...confRules, ...settingsRules], seen.settings)),
    ...seen.servers.flatMap((server) => applyRules(serverRules, server)),
    ...(seen.database === undefined ? [] : applyRules(databaseRules, seen.database)),
    ...(seen.tables === undefined ? [] : applyRules(tableRules, seen.tables)),
    ...(seen.collection === undefined ? [] : applyRules([collectionRule], seen.collection)),
    ...(seen.nothing === undefined ? [] : applyRules([nothingRule], seen.nothing)),
    ...(seen.join === undefined ? [] : applyRules(joinRules, seen.join)),
    ...(seen.sstate === undefined ? [] : applyRules(sstateRules, seen.sstate)),
  ]);
}
