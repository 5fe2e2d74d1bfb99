export { describeStorage, type StoragePair } from "./describe-storage.ts";
