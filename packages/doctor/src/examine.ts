import type { DatabaseFile, UnreadDatabase } from "./database.ts";
import { applyRules, bySeverity, type Finding } from "./finding.ts";
import type { Collection } from "./join.ts";
import { confRules } from "./rules/conf-rules.ts";
import { databaseRules, unreadDatabaseRule } from "./rules/database-rules.ts";
import { type JoinSeen, joinRules } from "./rules/join-rules.ts";
import { mirrorRules } from "./rules/mirror-rules.ts";
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
  readonly others?: readonly OtherConfiguration[];
  readonly sstate?: SstateSurvey;
  /** The folder that was named, if it holds nothing of ours, and how many other files. Then it is not judged. */
  readonly nothing?: { readonly path: string; readonly files: number };
  readonly database?: DatabaseFile;
  readonly unreadDatabase?: UnreadDatabase;
  readonly tables?: TablesSeen;
  readonly join?: JoinSeen;
  readonly servers: readonly ServerAnswers[];
  /** Garbage collection that the server has not ended. */
  readonly collection?: Collection;
}

/** A multiconfig with an sstate directory or mirrors of its own. */
export interface OtherConfiguration {
  readonly settings: SettingsSeen;
  /** Its SSTATE_DIR, if it is another than the build's and is there. */
  readonly sstate?: { readonly path: string; readonly survey: SstateSurvey };
}

/** What is wrong, worst first. Pure: equal observations give equal findings. */
export function examine(seen: Observations): readonly Finding[] {
  return bySeverity([
    ...aboutSettings(seen),
    ...seen.servers.flatMap((server) => applyRules(serverRules, server)),
    ...(seen.database === undefined ? [] : applyRules(databaseRules, seen.database)),
    ...(seen.unreadDatabase === undefined ? [] : applyRules([unreadDatabaseRule], seen.unreadDatabase)),
    ...(seen.tables === undefined ? [] : applyRules(tableRules, seen.tables)),
    ...(seen.collection === undefined ? [] : applyRules([collectionRule], seen.collection)),
    ...(seen.nothing === undefined ? [] : applyRules([nothingRule], seen.nothing)),
    ...(seen.join === undefined ? [] : applyRules(joinRules, seen.join)),
    ...(seen.sstate === undefined ? [] : applyRules(sstateRules, seen.sstate)),
    ...(seen.others ?? []).flatMap(({ sstate }) =>
      sstate === undefined
        ? []
        : applyRules(sstateRules, sstate.survey).map((one) => ({ ...one, seen: `${sstate.path}: ${one.seen}` })),
    ),
  ]);
}

/** What holds for all configurations of a build is told once. */
function aboutSettings({ settings, others = [] }: Observations): readonly Finding[] {
  if (settings === undefined) return [];
  const all = [
    ...applyRules(confRules, settings),
    ...[settings, ...others.map((other) => other.settings)].flatMap((one) =>
      applyRules([...settingsRules, ...mirrorRules], one),
    ),
  ];
  return [...new Map(all.map((one) => [`${one.id} ${one.seen}`, one])).values()];
}
