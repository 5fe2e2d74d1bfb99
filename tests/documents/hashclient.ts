import { noProgress } from "@depid/command-line/progress";
import { createMemoryStorage, startServer } from "@depid/hashserv";
import { runHashclient } from "../../apps/hashserv/src/client/program.ts";
import type { Example } from "./example.ts";

const ADMIN = { username: "root", token: "hunter2" };
const FILL = ["stress", "--clients", "2", "--requests", "3", "--report"];

/** A command asked of a server with the rows that `stress` reports. @param before commands that were carried out */
function hashclient(what: string, line: string, ...before: readonly string[]): Example {
  return {
    what,
    print: async () => {
      const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage(), admin: ADMIN });
      const run = async (...args: readonly string[]) => {
        let [printed, said] = ["", ""];
        await runHashclient({
          args: ["--address", server.address, "--login", ADMIN.username, "--password", ADMIN.token, ...args],
          input: (async function* () {})(),
          out: (text) => {
            printed += text;
          },
          error: (text) => {
            said += text;
          },
          openProgress: async () => noProgress,
          readText: async () => "",
          readNetrc: async () => undefined,
        });
        if (printed === "") throw new Error(`nothing printed: ${said}`);
        return printed;
      };
      try {
        await run(...FILL);
        for (const it of before) await run(...it.split(" "));
        return await run(...line.split(" "), "--json");
      } finally {
        await server.close();
      }
    },
  };
}

const METHOD = "--where method stress.test.method";

export const HASHCLIENT: readonly Example[] = [
  hashclient("rows of each table", "get-db-usage"),
  hashclient("columns", "get-db-query-columns"),
  hashclient("whether a depid exists", "unihash-exists x"),
  hashclient("the time of pings", "ping --count 2"),
  hashclient("look-ups by many", FILL.join(" ")),
  hashclient("no collection of garbage", "gc-status"),
  hashclient("a collection of garbage", "gc-status", `gc-mark M ${METHOD}`),
  ...[`gc-mark M ${METHOD}`, "gc-mark-stream M", "clean-unused 0", `remove ${METHOD}`, "remove"].map((it) =>
    hashclient(`how many rows: ${it}`, it),
  ),
  hashclient("how many rows: gc-sweep", "gc-sweep M", `gc-mark M ${METHOD}`),
  hashclient("a user", "get-user -u root"),
  hashclient("no user", "get-user -u nobody"),
  hashclient("all users", "get-all-users", "new-user -u ci @read"),
  hashclient("a new user", "new-user -u ci @read @report"),
  hashclient("other permissions", "set-user-perms -u ci @none", "new-user -u ci @read"),
  hashclient("another token", "refresh-token -u ci", "new-user -u ci @read"),
  hashclient("a user that is gone", "delete-user -u ci", "new-user -u ci @read"),
];
