export type { StampHash } from "@depid/hash";
export {
  FileMapError,
  HashFnError,
  ObjectArchiveError,
  OutHashSettingsError,
  OutputReadError,
  SstateNameError,
  UndecodableNameError,
  UnknownOwnerError,
} from "./errors.ts";
export { type FileMap, parseFileMaps } from "./file-map.ts";
export { type FoundObjectName, findObjectName, type ObjectName } from "./find-object-name.ts";
export {
  findStampFile,
  findStampName,
  isOldStampData,
  type StampFileName,
  type StampKind,
  type StampName,
} from "./find-stamp-name.ts";
export { compileShellPattern } from "./fnmatch.ts";
export { formatHashFn, type HashFn, parseHashFn, pkgSpecOfAnyVersion } from "./hashfn.ts";
export { createMemoryStore } from "./memory-store.ts";
export { createMemoryTree, type MemoryObject } from "./memory-tree.ts";
export {
  formatObjectFile,
  formatObjectName,
  formatObjectStem,
  type ObjectOf,
  type ObjectPart,
  objectOfPart,
  partOfObject,
} from "./object-name.ts";
export { findObjectPlace, formatObjectFolder, isDigitFolder, type ObjectPlace } from "./object-place.ts";
export { formatObjectSpec, type ObjectSpec, SSTATE_VERSION } from "./object-spec.ts";
export { outHash2018, rfc2018OutHashText } from "./outhash-2018.ts";
export { OUTHASH_TITLE, outHashBasic, outHashText } from "./outhash-basic.ts";
export type { OutHashMethod, OutHashSettings } from "./outhash-method.ts";
export { findOutHashMethod, outHashMethods } from "./outhash-methods.ts";
export { ofAnyVersion, ofFiles, ofInterface, parseOutHashMethod } from "./outhash-variants.ts";
export type { ManifestEntry, OutputManifest, ScannedFile } from "./output-manifest.ts";
export type {
  DigestAlgorithm,
  OutputDevice,
  OutputEntry,
  OutputFile,
  OutputLink,
  OutputPlain,
  OutputTree,
} from "./output-tree.ts";
export { parsePythonFloat } from "./python-float.ts";
export { computeOutHash, type OutHashResult, outHashOf, scanOutput } from "./scan-output.ts";
export { classifySstateFile, type SstateFileKind, type SstateFileName } from "./sstate-file.ts";
export type { SstateObject, SstateStore } from "./sstate-store.ts";
export { sstateTaskOf } from "./sstate-task.ts";
export {
  findStampVariant,
  formatSigbasedataName,
  formatSigdataName,
  formatStampName,
  formatTaintName,
  type StampedTask,
  type StampHashes,
  type StampVariant,
} from "./stamp-name.ts";
