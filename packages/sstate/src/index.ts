export { HashFnError, SstateNameError } from "./errors.ts";
export { formatHashFn, type HashFn, parseHashFn } from "./hashfn.ts";
export { createMemoryStore } from "./memory-store.ts";
export {
  formatObjectFile,
  formatObjectName,
  formatObjectStem,
  type ObjectOf,
  type ObjectPart,
} from "./object-name.ts";
export type { SstateObject, SstateStore } from "./sstate-store.ts";
export { sstateTaskOf } from "./sstate-task.ts";
export {
  findStampVariant,
  formatSigbasedataName,
  formatSigdataName,
  formatStampName,
  formatTaintName,
  type StampedTask,
  type StampHash,
  type StampHashes,
  type StampVariant,
} from "./stamp-name.ts";
