import {
  auth,
  becomeUser,
  deleteUser,
  expandPermissions,
  getAllUsers,
  getUser,
  newUser,
  refreshToken,
  setUserPerms,
  type UserPermissions,
} from "@depid/hashserv-protocol";
import { RefusalError } from "../errors.ts";
import { type Command, createCommand } from "./command.ts";

const ALSO_READ_ONLY = { readOnly: true };
const USERS = { anonymous: false };
const THEMSELVES = { anonymous: false, selfService: true };

/** Users and logging in (section 11). */
export const USER_COMMANDS: readonly Command[] = [
  createCommand(
    auth,
    [],
    async (request, { accounts, visitor }) => {
      const user = await accounts.authenticate(request, visitor.address);
      visitor.logIn(user.username, user.permissions);
      return user;
    },
    ALSO_READ_ONLY,
  ),

  createCommand(
    getUser,
    ["@user-admin"],
    async ({ username = "" }, { accounts }) => {
      const user = await accounts.find(username);
      return user === undefined ? null : expand(user);
    },
    { ...THEMSELVES, ...ALSO_READ_ONLY },
  ),

  createCommand(getAllUsers, ["@user-admin"], async (_request, { accounts }) => (await accounts.list()).map(expand), {
    ...USERS,
    ...ALSO_READ_ONLY,
  }),

  createCommand(
    becomeUser,
    ["@user-admin"],
    async ({ username = "" }, { accounts, visitor }) => {
      const user = await accounts.find(username);
      if (user === undefined) throw new RefusalError(`User ${username} doesn't exist`);
      visitor.logIn(username, user.permissions);
      return expand(user);
    },
    { ...USERS, ...ALSO_READ_ONLY },
  ),

  createCommand(
    newUser,
    ["@user-admin"],
    async (request, { accounts }) => ({ ...expand(request), token: await accounts.create(request) }),
    USERS,
  ),

  createCommand(
    setUserPerms,
    ["@user-admin"],
    async (request, { accounts }) => {
      await accounts.setPermissions(request);
      return expand(request);
    },
    USERS,
  ),

  createCommand(
    refreshToken,
    ["@user-admin"],
    async ({ username = "" }, { accounts }) => ({ username, token: await accounts.refreshToken(username) }),
    THEMSELVES,
  ),

  createCommand(
    deleteUser,
    ["@user-admin"],
    async ({ username = "" }, { accounts }) => {
      await accounts.delete(username);
      return { username };
    },
    THEMSELVES,
  ),
];

/** As users are shown everywhere but in the answer to a login. */
function expand({ username, permissions }: UserPermissions): UserPermissions {
  return { username, permissions: expandPermissions(permissions) };
}
