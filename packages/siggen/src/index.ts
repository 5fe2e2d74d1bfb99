export { createBasic, createBasicHash } from "./basic.ts";
export { checkedGenerator } from "./checked.ts";
export {
  type CachedDepId,
  createTaskCache,
  createTaskHashCache,
  type DepIdCache,
  type TaskCache,
} from "./depid-cache.ts";
export { createEquivHash, type EquivHashOptions } from "./equivhash.ts";
export { SiggenError } from "./errors.ts";
export { hashCapture } from "./hash-capture.ts";
export { type LockedSignatures, lockSignatures } from "./locked.ts";
export { createNoop } from "./noop.ts";
export { type CreateGenerator, type GeneratorContext, generatorNames, getGenerator } from "./registry.ts";
export type {
  DepIdQuery,
  DepIdRequest,
  DepIdSource,
  SignatureGenerator,
} from "./signature-generator.ts";
export {
  type BuildInputs,
  computeSignatures,
  digestTaskHashes,
  inputOf,
  type Signature,
  type SignatureChange,
  Signatures,
} from "./signatures.ts";
export { type TaskHashInput, taskHashInput, taskHashOf, taskHashText } from "./taskhash.ts";
