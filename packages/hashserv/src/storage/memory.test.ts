import { describeStorage } from "../testing.ts";
import { createMemoryStorage } from "./memory.ts";

describeStorage("memory", async () => {
  const storage = createMemoryStorage();
  return { storage, other: storage };
});
