import { isPermission, type Permission } from "@depid/hashserv-protocol";
import { PermissionError } from "../errors.ts";
import { grants } from "./permissions.ts";

/** What a request needs of those who make it (section 6). */
export interface Admission {
  readonly needs: readonly Permission[];
  /** Whether it may be made without logging in. */
  readonly anonymous: boolean;
  /** Whether users may make it about themselves without the permission. */
  readonly selfService: boolean;
}

/** Who is at the other end of a connection, and what they may do. Nobody known, until they log in. */
export class Visitor {
  /** From where: an address without a port, or a network of addresses that are one client's; "" on this machine. */
  readonly address: string;
  readonly #anonymous: ReadonlySet<Permission>;
  #user: { readonly username: string; readonly permissions: ReadonlySet<Permission> } | undefined;

  constructor(anonymous: ReadonlySet<Permission>, address = "") {
    this.address = address;
    this.#anonymous = anonymous;
  }

  /** Undefined for somebody unknown. */
  get username(): string | undefined {
    return this.#user?.username;
  }

  /** Rights are those of this moment: what is changed later does not count on this connection. */
  logIn(username: string, permissions: readonly string[]): void {
    this.#user = { username, permissions: new Set(permissions.filter(isPermission)) };
  }

  /** Whether anybody's rights, or those of the user, have all of this; they are not added up. */
  may(needs: readonly Permission[]): boolean {
    return needs.every((permission) => this.#anonymous.has(permission)) || this.#userMay(needs);
  }

  /**
   * Lets a request pass.
   *
   * @returns its arguments; where users serve themselves and name nobody, with their own name
   * @throws {PermissionError}
   */
  admit({ needs, anonymous, selfService }: Admission, args: unknown): unknown {
    if (selfService && this.#user !== undefined && isObject(args)) {
      const { username } = this.#user;
      if (!Object.hasOwn(args, "username")) return { ...args, username };
      if (args.username === username) return args;
    }
    if (anonymous ? this.may(needs) : this.#userMay(needs)) return args;
    throw new PermissionError(this.username ?? "Anonymous user", needs);
  }

  #userMay(needs: readonly Permission[]): boolean {
    return this.#user !== undefined && grants(this.#user.permissions, needs);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
