export { isOpenElsewhere } from "./open-elsewhere.ts";
export { type JoinScope, queryJoin } from "./query-join.ts";
export { findCollection, queryTables, type TablesScope } from "./query-tables.ts";
export { attachServer, collectDepids, findDamage, quickCheck, type ServerTables } from "./server-tables.ts";
export { listSstate, type SstateEntry } from "./sstate-files.ts";
export { Workbench } from "./workbench.ts";
