import { createMemoryStorage, startServer } from "@depid/hashserv";
import { openClient } from "@depid/hashserv-client";
for (const bind of ["127.0.0.1:0", "ws://127.0.0.1:0"]) {
  const server = await startServer({ bind, storage: createMemoryStorage() });
  const client = await openClient(server.address);
  const q = Array.from({ length: 200_000 }, (_, i) => ({ method: "m", taskhash: String(i) }));
  await client.getDepIds(q.slice(0, 20000));
  let t = performance.now(); await client.getDepIds(q); console.log(bind, "pipelined/s", Math.round(200_000 / (performance.now() - t) * 1000));
  t = performance.now(); for (let i = 0; i < 10000; i++) await client.getDepIds([q[i]!]); console.log(bind, "single/s", Math.round(10_000 / (performance.now() - t) * 1000));
  await client.close(); await server.close();
}
