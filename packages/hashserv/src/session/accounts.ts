import type { Credentials, UserPermissions } from "@depid/hashserv-protocol";
import pLimit from "p-limit";
import { RefusalError } from "../errors.ts";
import type { Storage, User } from "../storage/storage.ts";
import { Guesses } from "./guesses.ts";
import { createToken, hashToken, isToken } from "./token.ts";

export interface AccountsOptions {
  readonly storage: Storage;
  /** Known besides those stored: the administrator of a server that may not write. */
  readonly admin?: User | undefined;
  /** Waits for milliseconds. */
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Milliseconds of any clock that never goes back. */
  readonly now?: () => number;
}

/** Milliseconds a new token takes (section 11). */
const NEW_TOKEN_MS = 100;

/** Users and their tokens (section 11). */
export class Accounts {
  readonly #storage: Storage;
  readonly #admin: User | undefined;
  readonly #wait: (ms: number) => Promise<unknown>;
  readonly #guesses: Guesses;
  readonly #newTokens = pLimit(1);

  constructor({ storage, admin, wait, now }: AccountsOptions) {
    this.#guesses = new Guesses(now);
    this.#storage = storage;
    this.#admin = admin;
    this.#wait = wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  }

  /** Makes an administrator, or resets the one there is; writes nothing if all is so already. */
  async ensureAdmin({ username, token }: Credentials): Promise<void> {
    const permissions = ["@all"];
    const found = await this.#storage.read.findUser(username);
    if (found?.permissions.join(" ") === "@all" && isToken(token, found.token)) return;
    await this.#storage.transaction(async (rows) => {
      const user = { username, token: hashToken(token), permissions };
      if (!(await rows.insertUser(user))) await rows.updateUser(username, user);
    });
  }

  /**
   * @param address from where the user comes: wrong logins of one address are limited
   * @throws {RefusalError} after a while, when there is no such user or the token is another
   */
  async authenticate({ username, token }: Credentials, address: string): Promise<UserPermissions> {
    const guess = this.#guesses.begin(address);
    if (guess.waitMs > 0) await this.#wait(guess.waitMs);
    const user = await this.#findUser(username);
    if (isToken(token, user?.token) && user !== undefined) {
      this.#guesses.right(guess);
      return { username, permissions: user.permissions.toSorted() };
    }
    await this.#wait(this.#guesses.untilAnswer(guess));
    throw new RefusalError(`Unable to authenticate as ${username}`);
  }

  async find(username: string): Promise<UserPermissions | undefined> {
    const user = await this.#findUser(username);
    return user && { username, permissions: user.permissions };
  }

  /** In order of creation. */
  async list(): Promise<readonly UserPermissions[]> {
    const stored = await this.#storage.read.listUsers();
    const others = stored.filter(({ username }) => username !== this.#admin?.username);
    const users = this.#admin === undefined || others.length < stored.length ? stored : [...stored, this.#admin];
    return users.map(({ username, permissions }) => ({ username, permissions }));
  }

  /** @returns the token, which is stored nowhere; @throws {RefusalError} when the name is taken */
  async create({ username, permissions }: UserPermissions): Promise<string> {
    const token = await this.#newToken();
    const user = { username, token: hashToken(token), permissions };
    if (await this.#storage.transaction((rows) => rows.insertUser(user))) return token;
    throw new RefusalError(`Cannot create new user '${username}'`);
  }

  /** @throws {RefusalError} when there is no such user */
  async refreshToken(username: string): Promise<string> {
    const token = await this.#newToken();
    await this.#change(username, { token: hashToken(token) });
    return token;
  }

  /** @throws {RefusalError} when there is no such user */
  async setPermissions({ username, permissions }: UserPermissions): Promise<void> {
    await this.#change(username, { permissions });
  }

  /** @throws {RefusalError} when there is no such user */
  async delete(username: string): Promise<void> {
    const known = await this.#storage.transaction((rows) => rows.removeUser(username));
    if (!known) throw new RefusalError(`No user named '${username}' exists`);
  }

  async #change(username: string, change: Partial<Pick<User, "token" | "permissions">>): Promise<void> {
    const known = await this.#storage.transaction((rows) => rows.updateUser(username, change));
    if (!known) throw new RefusalError(`No user named '${username}' exists`);
  }

  async #findUser(username: string): Promise<User | undefined> {
    return this.#admin?.username === username ? this.#admin : this.#storage.read.findUser(username);
  }

  /** At most ten a second, whoever asks. */
  #newToken(): Promise<string> {
    return this.#newTokens(async () => {
      await this.#wait(NEW_TOKEN_MS);
      return createToken();
    });
  }
}
