import {
  deleteUser,
  getAllUsers,
  getUser,
  newUser,
  parsePermissions,
  refreshToken,
  setUserPerms,
} from "@depid/hashserv-protocol";
import type { Command as Commander } from "commander";
import { type Arguments, type ClientCommand, type Result, textOption } from "./command.ts";
import { formatTable, formatUser } from "./layout.ts";

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
    run: async ({ client }, args) => user(await client.call(refreshToken, named(args))),
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
    run: async ({ client }, args) => user(await client.call(setUserPerms, withPermissions(args))),
  },
  {
    syntax: "get-user",
    summary: "what a user may do",
    examples: [
      { line: "depid-hashclient --login me --password TOKEN get-user", does: "yourself" },
      { line: "depid-hashclient --login admin --password TOKEN get-user -u ci", does: "another user" },
    ],
    configure: (command) => command.option("-u, --username <name>", "another user, if that is allowed"),
    async run({ client, warn }, args) {
      const found = await client.call(getUser, named(args));
      if (found !== null) return user(found);
      warn(`there is no user ${JSON.stringify(textOption(args, "username"))}`);
      return { json: null, status: 1 };
    },
  },
  {
    syntax: "get-all-users",
    summary: "all users, and what they may do",
    examples: [
      { line: "depid-hashclient --login admin --password TOKEN get-all-users", does: "a table for people" },
      { line: "depid-hashclient --login admin --password TOKEN get-all-users --json", does: "the same for programs" },
    ],
    async run({ client }) {
      const users = await client.call(getAllUsers, {});
      const rows = users.map(({ username, permissions }) => [username, permissions.join(" ")] as const);
      return {
        text: formatTable(["Username", "Permissions"], rows),
        json: users.map(({ username, permissions }) => ({ username, permissions })),
      };
    },
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
    run: async ({ client }, args) => user(await client.call(newUser, withPermissions(args))),
  },
  {
    syntax: "delete-user",
    summary: "delete a user",
    examples: [
      { line: "depid-hashclient --login admin --password TOKEN delete-user -u ci", does: "another user" },
      { line: "depid-hashclient --login me --password TOKEN delete-user -u me", does: "yourself" },
    ],
    configure: requireUser,
    run: async ({ client }, args) => user(await client.call(deleteUser, named(args))),
  },
];

function requireUser(command: Commander): Commander {
  return command.requiredOption("-u, --username <name>", "the user");
}

function named(args: Arguments): { readonly username?: string } {
  const username = textOption(args, "username");
  return username === undefined ? {} : { username };
}

function withPermissions(args: Arguments) {
  return { username: textOption(args, "username") ?? "", permissions: parsePermissions(args.args[0]) };
}

function user(answer: Parameters<typeof formatUser>[0]): Result {
  return { text: formatUser(answer), json: answer };
}
