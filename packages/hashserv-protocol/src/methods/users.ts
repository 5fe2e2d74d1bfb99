import { InvalidRequestError, ProtocolError } from "../errors.ts";
import type { Json } from "../json.ts";
import { asRow, show } from "./answers.ts";
import { asArguments } from "./arguments.ts";
import type { Method } from "./method.ts";
import { type Permission, parsePermissions } from "./permissions.ts";

export interface UserName {
  readonly username: string;
}
export interface Credentials extends UserName {
  readonly token: string;
}
export interface UserPermissions extends UserName {
  /** Sorted. */
  readonly permissions: readonly string[];
}
export interface NewUserRequest extends UserName {
  readonly permissions: readonly Permission[];
}
/** Takes no arguments. */
export type GetAllUsersRequest = Record<never, never>;

/** Logs in. The answer has the permissions as stored: `@all` is not taken apart. */
export const auth: Method<"auth", Credentials, UserPermissions> = {
  name: "auth",
  parseArguments(value) {
    const args = asArguments(value);
    return { username: readWord(args, "username"), token: readWord(args, "token") };
  },
  formatArguments: ({ username, token }) => ({ username, token }),
  formatAnswer: (answer) => ({ result: true, ...formatUser(answer) }),
  parseAnswer(value) {
    if (asRow(value).result !== true) throw new ProtocolError(`answer: expected a login, found ${show(value)}`);
    return parseUser(value);
  },
};

/** `null` when there is no such user. Without a name, a user asks for their own; so in all that follow. */
export const getUser: Method<"get-user", Partial<UserName>, UserPermissions | null> = {
  ...namedUser("get-user"),
  formatAnswer: (answer) => (answer === null ? null : formatUser(answer)),
  parseAnswer: (value) => (value === null ? null : parseUser(value)),
};

/** In order of creation. */
export const getAllUsers: Method<"get-all-users", GetAllUsersRequest, readonly UserPermissions[]> = {
  name: "get-all-users",
  parseArguments: () => ({}),
  formatArguments: () => ({}),
  formatAnswer: (users) => ({ users: users.map(formatUser) }),
  parseAnswer(value) {
    const { users } = asRow(value);
    if (!Array.isArray(users)) throw new ProtocolError(`answer: expected users, found ${show(value)}`);
    return users.map(parseUser);
  },
};

/** The answer has the token, which is not told again. */
export const newUser: Method<"new-user", NewUserRequest, UserPermissions & Credentials> = {
  ...permissionsOfUser("new-user"),
  formatAnswer: (answer) => ({ ...formatUser(answer), token: answer.token }),
  parseAnswer: (value) => ({ ...parseUser(value), token: textIn(value, "token") }),
};

export const setUserPerms: Method<"set-user-perms", NewUserRequest, UserPermissions> = {
  ...permissionsOfUser("set-user-perms"),
  formatAnswer: formatUser,
  parseAnswer: parseUser,
};

/** The answer has the new token; the old one is void. */
export const refreshToken: Method<"refresh-token", Partial<UserName>, Credentials> = {
  ...namedUser("refresh-token"),
  formatAnswer: ({ username, token }) => ({ username, token }),
  parseAnswer: (value) => ({ username: textIn(value, "username"), token: textIn(value, "token") }),
};

export const deleteUser: Method<"delete-user", Partial<UserName>, UserName> = {
  ...namedUser("delete-user"),
  formatAnswer: ({ username }) => ({ username }),
  parseAnswer: (value) => ({ username: textIn(value, "username") }),
};

/** From now on the connection has the rights of that user, and no others. */
export const becomeUser: Method<"become-user", Partial<UserName>, UserPermissions> = {
  ...namedUser("become-user"),
  formatAnswer: formatUser,
  parseAnswer: parseUser,
};

function namedUser<Name extends string>(name: Name) {
  return {
    name,
    parseArguments: (value: unknown): UserName => ({ username: readWord(asArguments(value), "username") }),
    formatArguments: ({ username }: Partial<UserName>): Json => (username === undefined ? {} : { username }),
  };
}

function permissionsOfUser<Name extends string>(name: Name) {
  return {
    name,
    parseArguments(value: unknown): NewUserRequest {
      const args = asArguments(value);
      const username = readWord(args, "username");
      return { username, permissions: parsePermissions(Object.hasOwn(args, "permissions") ? args.permissions : null) };
    },
    formatArguments: ({ username, permissions }: NewUserRequest): Json => ({ username, permissions }),
  };
}

function formatUser({ username, permissions }: UserPermissions): Record<string, Json> {
  return { username, permissions };
}

function parseUser(value: unknown): UserPermissions {
  const { permissions } = asRow(value);
  if (!Array.isArray(permissions) || !permissions.every((word) => typeof word === "string")) {
    throw new ProtocolError(`answer: expected permissions, found ${show(permissions)}`);
  }
  return { username: textIn(value, "username"), permissions };
}

function textIn(value: unknown, name: string): string {
  const text = asRow(value)[name];
  if (typeof text !== "string") throw new ProtocolError(`answer: expected text as ${name}, found ${show(text)}`);
  return text;
}

const PYTHON_WORDS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [null, "None"],
  [true, "True"],
  [false, "False"],
]);

/** A name or token; other values than text as Python's `str` has them (section 11). @throws {InvalidRequestError} */
function readWord(args: Readonly<Record<string, unknown>>, name: string): string {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  const word = PYTHON_WORDS.get(value) ?? (typeof value === "number" ? String(value) : value);
  if (typeof word !== "string" || /\p{Surrogate}/u.test(word)) {
    throw new InvalidRequestError(`argument '${name}': expected text, found ${show(value)}`);
  }
  return word;
}
