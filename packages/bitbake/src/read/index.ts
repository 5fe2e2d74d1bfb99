export { BuildLogReader } from "./build-log.ts";
export { parseJsonStats } from "./buildstats-json.ts";
export { parseDurationTable } from "./duration-table.ts";
export { parseHashservTable } from "./hashserv-table.ts";
export { type ObjectSizeRow, parseObjectTable } from "./object-table.ts";
export { parseRecordSets } from "./record-sets.ts";
export { parseTable } from "./table-reader.ts";
