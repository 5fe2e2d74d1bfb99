export { isOpenElsewhere } from "./fs/open-elsewhere.ts";
export { type JoinScope, queryJoin } from "./fs/query-join.ts";
export { findCollection, queryTables, type TablesScope } from "./fs/query-tables.ts";
export { attachServer, collectDepids, findDamage, quickCheck, type ServerTables } from "./fs/server-tables.ts";
export { listSstate, type SstateEntry } from "./fs/sstate-files.ts";
export { Workbench } from "./fs/workbench.ts";
