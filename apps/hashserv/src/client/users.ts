import {
  deleteUser,
  getAllUsers,
  getUser,
  newUser,
  parsePermissions,
  refreshToken,
  setUserPerms,
} from "@depid/hashserv-protocol";
import { type Arguments, type Result, type RunCommand, textOption } from "./command.ts";
import { formatTable, formatUser } from "./layout.ts";

/** What is about users. By the name of its command. */
export const users = {
  "refresh-token": async ({ client }, args) => user(await client.call(refreshToken, named(args))),
  "set-user-perms": async ({ client }, args) => user(await client.call(setUserPerms, withPermissions(args))),
  async "get-user"({ client, warn }, args) {
    const found = await client.call(getUser, named(args));
    if (found !== null) return user(found);
    warn(`there is no user ${JSON.stringify(textOption(args, "username"))}`);
    return { json: null, status: 1 };
  },
  async "get-all-users"({ client }) {
    const users = await client.call(getAllUsers, {});
    const rows = users.map(({ username, permissions }) => [username, permissions.join(" ")] as const);
    return {
      text: formatTable(["Username", "Permissions"], rows),
      json: users.map(({ username, permissions }) => ({ username, permissions })),
    };
  },
  "new-user": async ({ client }, args) => user(await client.call(newUser, withPermissions(args))),
  "delete-user": async ({ client }, args) => user(await client.call(deleteUser, named(args))),
} satisfies Readonly<Record<string, RunCommand>>;

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
