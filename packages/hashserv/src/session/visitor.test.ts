import { describe, expect, it } from "vitest";
import { DEFAULT_ANONYMOUS } from "./anonymous.ts";
import { COMMANDS, READ_ONLY_COMMANDS } from "./commands.ts";
import type { Permission } from "./permissions.ts";
import { Visitor } from "./visitor.ts";

const visitor = (anonymous: readonly Permission[], ...permissions: readonly string[]) => {
  const one = new Visitor(new Set(anonymous));
  if (permissions.length > 0) one.logIn("me", permissions);
  return one;
};
const rules = { needs: ["@user-admin"] as const, anonymous: false, selfService: true };

describe("a visitor", () => {
  it("has what everybody has, or what the user has, never the sum", () => {
    expect(visitor(["@read"], "@report").may(["@read"])).toBe(true);
    expect(visitor(["@read"], "@report").may(["@report"])).toBe(true);
    expect(visitor(["@read"], "@report").may(["@read", "@report"])).toBe(false);
    expect(visitor([], "@all").may(["@read", "@report", "@db-admin"])).toBe(true);
    expect(visitor([], "@none", "@some").may(["@read"])).toBe(false);
  });

  it("who is nobody known cannot do what only users can", () => {
    expect(() => visitor([...DEFAULT_ANONYMOUS]).admit(rules, {})).toThrow(
      "Anonymous user is not allowed to access permissions(s) @user-admin",
    );
  });

  it("serves themselves: by their own name, or by none, which is filled in", () => {
    const me = visitor([], "@read");
    expect(me.admit(rules, { x: 1 })).toEqual({ x: 1, username: "me" });
    expect(me.admit(rules, { username: "me" })).toEqual({ username: "me" });
    for (const args of [{ username: "you" }, { username: null }, null, [], "me"]) {
      expect(() => me.admit(rules, args)).toThrow("me is not allowed to access permissions(s) @user-admin");
    }
    expect(() => me.admit({ ...rules, selfService: false }, {})).toThrow("me is not allowed");
    expect(visitor([], "@user-admin").admit(rules, { username: "you" })).toEqual({ username: "you" });
  });
});

describe("the table of commands", () => {
  it("needs what section 6 says", () => {
    const table = COMMANDS.map(
      ({ name, needs, anonymous, selfService }) =>
        `${name}: ${needs.join(" ")}${anonymous ? "" : ", users"}${selfService ? ", themselves" : ""}`,
    );
    expect(table).toMatchInlineSnapshot(`
      [
        "ping: ",
        "get: @read",
        "get-outhash: @read",
        "get-stream: @read",
        "exists-stream: @read",
        "get-stats: @read",
        "get-db-usage: @db-admin",
        "get-db-query-columns: @db-admin",
        "report: @read",
        "auth: ",
        "get-user: @user-admin, users, themselves",
        "get-all-users: @user-admin, users",
        "become-user: @user-admin, users",
        "report-equiv: @read @report",
        "reset-stats: @db-admin",
        "backfill-wait: @read",
        "remove: @db-admin",
        "gc-mark: @db-admin",
        "gc-mark-stream: @db-admin",
        "gc-sweep: @db-admin",
        "gc-status: @db-admin",
        "clean-unused: @db-admin",
        "refresh-token: @user-admin, users, themselves",
        "set-user-perms: @user-admin, users",
        "new-user: @user-admin, users",
        "delete-user: @user-admin, users, themselves",
      ]
    `);
  });

  it("is shorter for a server that may not write", () => {
    expect(READ_ONLY_COMMANDS.map(({ name }) => name).join(" ")).toBe(
      "ping get get-outhash get-stream exists-stream get-stats get-db-usage get-db-query-columns report auth get-user " +
        "get-all-users become-user",
    );
  });
});
