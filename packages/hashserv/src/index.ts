export { type Clock, createClock, formatCreated } from "./clock.ts";
export { answerWithoutWriting, chooseDepId, reportEquivalence, reportOutHash } from "./equivalence.ts";
export { createMemoryStorage } from "./storage/memory.ts";
export type { NewOutHashRow, Storage, StorageReader, StorageTransaction } from "./storage.ts";
