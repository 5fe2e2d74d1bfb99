import { describeStorage } from "../../testing/describe-storage.ts";
import { createMemoryStorage } from "./memory-storage.ts";

describeStorage("memory", async () => {
  const storage = createMemoryStorage();
  return { storage, other: storage };
});
