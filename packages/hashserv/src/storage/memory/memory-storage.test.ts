import { describeStorage } from "../../testing.ts";
import { createMemoryStorage } from "./memory-storage.ts";

describeStorage("memory", async () => {
  const storage = createMemoryStorage();
  return { storage, other: storage };
});
