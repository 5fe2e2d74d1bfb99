export type { StoragePair } from "./contract/open-pair.ts";
export { describeStorage } from "./describe-storage.ts";
