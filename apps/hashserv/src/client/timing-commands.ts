import { wholeNumber } from "@depid/command-line/flags";
import type { ClientCommand } from "./command.ts";

/** Commands that take the time of requests. */
export const TIMING: readonly ClientCommand[] = [
  {
    syntax: "ping",
    summary: "how long the server takes to answer",
    examples: [
      { line: "depid-hashclient ping", does: "ten times" },
      { line: "depid-hashclient --address hashserv:8686 ping -n 100 -q", does: "a hundred times, the sum alone" },
    ],
    configure: (command) =>
      command
        .option("-n, --count <count>", "number of pings", wholeNumber(1), 10)
        .option("-q, --quiet", "do not print each ping"),
    load: async () => (await import("./timing.ts")).timing.ping,
  },
  {
    syntax: "stress",
    summary: "many look-ups by many clients at a time",
    examples: [
      { line: "depid-hashclient stress", does: "ten clients, a thousand look-ups each" },
      {
        line: "depid-hashclient stress --clients 50 --requests 200 --report",
        does: "and reports what it looked up: not for a server in use",
      },
    ],
    configure: (command) =>
      command
        .option("--clients <count>", "number of simultaneous clients", wholeNumber(1), 10)
        .option("--requests <count>", "number of requests of each", wholeNumber(1), 1000)
        .option("--report", "report what was looked up afterwards")
        .option("--taskhash-seed <text>", "text that goes into taskhashes", "")
        .option("--outhash-seed <text>", "text that goes into outhashes", ""),
    load: async () => (await import("./timing.ts")).timing.stress,
  },
];
