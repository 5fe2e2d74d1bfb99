import type { Command as Commander } from "commander";
import type { ClientCommand } from "./command.ts";

/** Commands about users. */
export const USERS: readonly ClientCommand[] = [
  {
    syntax: "refresh-token",
    summary: "a new token; the old one is void",
    examples: [
      { line: "depid-hashclient --login me --password TOKEN refresh-token", does: "your own" },
      { line: "depid-hashclient --login admin --password TOKEN refresh-token -u ci", does: "another user's" },
    ],
    configure: (command) => command.option("-u, --username <name>", "of another user, if that is allowed"),
    load: async () => (await import("./users.ts")).users["refresh-token"],
  },
  {
    syntax: "set-user-perms [permissions...]",
    summary: "what a user may do from the next login on",
    examples: [
      {
        line: "depid-hashclient --login admin --password TOKEN set-user-perms -u ci @read @report",
        does: "a builder that may report",
      },
      { line: "depid-hashclient --login admin --password TOKEN set-user-perms -u ci @none", does: "nothing any more" },
    ],
    configure: requireUser,
    load: async () => (await import("./users.ts")).users["set-user-perms"],
  },
  {
    syntax: "get-user",
    summary: "what a user may do",
    examples: [
      { line: "depid-hashclient --login me --password TOKEN get-user", does: "yourself" },
      { line: "depid-hashclient --login admin --password TOKEN get-user -u ci", does: "another user" },
    ],
    configure: (command) => command.option("-u, --username <name>", "another user, if that is allowed"),
    load: async () => (await import("./users.ts")).users["get-user"],
  },
  {
    syntax: "get-all-users",
    summary: "all users, and what they may do",
    examples: [
      { line: "depid-hashclient --login admin --password TOKEN get-all-users", does: "a table for people" },
      { line: "depid-hashclient --login admin --password TOKEN get-all-users --json", does: "the same for programs" },
    ],
    load: async () => (await import("./users.ts")).users["get-all-users"],
  },
  {
    syntax: "new-user [permissions...]",
    summary: "create a user; the token is told only here",
    examples: [
      {
        line: "depid-hashclient --login admin --password TOKEN new-user -u ci @read @report",
        does: "a user for builders",
      },
      {
        line: "depid-hashclient --login admin --password TOKEN new-user -u ci @read --json",
        does: "the token for a program to keep",
      },
    ],
    configure: requireUser,
    load: async () => (await import("./users.ts")).users["new-user"],
  },
  {
    syntax: "delete-user",
    summary: "delete a user",
    examples: [
      { line: "depid-hashclient --login admin --password TOKEN delete-user -u ci", does: "another user" },
      { line: "depid-hashclient --login me --password TOKEN delete-user -u me", does: "yourself" },
    ],
    configure: requireUser,
    load: async () => (await import("./users.ts")).users["delete-user"],
  },
];

function requireUser(command: Commander): Commander {
  return command.requiredOption("-u, --username <name>", "the user");
}
