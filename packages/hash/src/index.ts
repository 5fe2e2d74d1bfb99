export { sha256Hex } from "#sha256";
export type { Brand } from "./brand.ts";
export { closestNames } from "./closest-names.ts";
export { byCodePoint } from "./code-point.ts";
export {
  DepidError,
  type Expectation,
  isSystemError,
  outsideReason,
  type Place,
  printable,
  SourceError,
  showValue,
} from "./depid-error.ts";
export { InvalidHashError, InvalidTidError } from "./errors.ts";
export {
  type BaseHash,
  type DepId,
  depIdOf,
  HASH_EXPECTED,
  HASH_PATTERN,
  HASH_TEXT,
  hashInSql,
  isDepId,
  isOldHash,
  OLD_HASH_PATTERN,
  type OutHash,
  parseBaseHash,
  parseDepId,
  parseOutHash,
  parseTaskHash,
  type StampHash,
  type TaskHash,
} from "./hashes.ts";
export {
  familyOf,
  hasCross,
  hasCrosssdk,
  isInitial,
  isNative,
  isNativeOrCross,
  isNativesdk,
  isOfCrossClass,
  nameOfVariant,
  recipeOfVariant,
} from "./recipe-variant.ts";
export { formatSetscene, splitSetscene } from "./setscene-name.ts";
export { isNostampTaint, NOSTAMP_TAINT } from "./taint.ts";
export {
  formatTaskName,
  isTaskName,
  recipeOfName,
  splitTaskName,
  TASK_PREFIX,
  type TaskNameParts,
  taskName,
  taskOfName,
} from "./task-name.ts";
export { configOf, configPrefix, formatTid, hasConfig, parseTid, splitTid, type Tid, type TidParts } from "./tid.ts";
