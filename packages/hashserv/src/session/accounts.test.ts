import { describe, expect, it } from "vitest";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { Accounts } from "./accounts.ts";
import { hashToken } from "./token.ts";

/** Accounts whose waits are noted, and end when told. */
function create(options: Partial<ConstructorParameters<typeof Accounts>[0]> = {}) {
  const storage = options.storage ?? createMemoryStorage();
  const waits: { ms: number; end: () => void }[] = [];
  const wait = (ms: number) => new Promise<void>((resolve) => waits.push({ ms, end: resolve }));
  const accounts = new Accounts({ storage, wait, ...options });
  return { storage, accounts, waits };
}
const atOnce = { wait: async () => {} };
const USER = { username: "u", permissions: ["@report", "@read"] };

describe("accounts", () => {
  it("know a user by the token handed out, until there is a new one", async () => {
    const { accounts } = create(atOnce);
    const token = await accounts.create(USER);
    expect(await accounts.authenticate({ username: "u", token }, "")).toEqual({
      username: "u",
      permissions: ["@read", "@report"],
    });
    const fresh = await accounts.refreshToken("u");
    await expect(accounts.authenticate({ username: "u", token }, "")).rejects.toThrow("Unable to authenticate as u");
    expect((await accounts.authenticate({ username: "u", token: fresh }, "")).username).toBe("u");
  });

  it("refuse in the reference's words what cannot be done", async () => {
    const { accounts } = create(atOnce);
    await accounts.create(USER);
    await expect(accounts.create(USER)).rejects.toThrow("Cannot create new user 'u'");
    await expect(accounts.refreshToken("x")).rejects.toThrow("No user named 'x' exists");
    await expect(accounts.setPermissions({ ...USER, username: "x" })).rejects.toThrow("No user named 'x' exists");
    await expect(accounts.delete("x")).rejects.toThrow("No user named 'x' exists");
    await accounts.delete("u");
    expect(await accounts.list()).toEqual([]);
  });

  it("make one token at a time, a tenth of a second each", async () => {
    const { accounts, waits } = create();
    const tokens = [accounts.create(USER), accounts.create({ ...USER, username: "v" }), accounts.refreshToken("u")];
    for (let i = 1; i <= 3; i++) {
      await expect.poll(() => waits.map(({ ms }) => ms)).toEqual(Array.from({ length: i }, () => 100));
      waits.at(-1)?.end();
    }
    expect(new Set(await Promise.all(tokens)).size).toBe(3);
  });

  it("let a failed login take a second, and no more than 16 of one address a second; others are not held up", async () => {
    const { accounts, waits } = create({ now: () => 0 });
    const token = accounts.create(USER);
    await expect.poll(() => waits).toHaveLength(1);
    waits.splice(0)[0]?.end();
    const logins = Array.from({ length: 40 }, () => accounts.authenticate({ username: "u", token: "guess" }, "here"));
    const refused = Promise.allSettled(logins);
    const expected = Array.from({ length: 40 }, (_, i) => Math.max(1000, ((i + 1) * 1000) / 16));
    await expect.poll(() => waits.map(({ ms }) => ms)).toEqual(expected);
    const user = { username: "u", token: await token };
    expect((await accounts.authenticate(user, "here")).username).toBe("u");
    expect((await accounts.authenticate(user, "elsewhere")).username).toBe("u");
    for (const { end } of waits) end();
    expect((await refused).every(({ status }) => status === "rejected")).toBe(true);
  });

  it("make the administrator, reset one that is there, and write nothing when all is so already", async () => {
    const { accounts, storage } = create(atOnce);
    const admin = { username: "root", token: "secret" };
    await accounts.ensureAdmin(admin);
    const [made] = await storage.read.listUsers();
    await accounts.ensureAdmin(admin);
    expect(await storage.read.listUsers()).toEqual([made]);
    await accounts.setPermissions({ username: "root", permissions: [] });
    await accounts.ensureAdmin({ ...admin, token: "other" });
    expect(await accounts.authenticate({ ...admin, token: "other" }, "")).toEqual({
      username: "root",
      permissions: ["@all"],
    });
    expect((await storage.read.listUsers()).length).toBe(1);
  });

  it("of a server that may not write have its administrator besides those stored", async () => {
    const { storage } = create(atOnce);
    await new Accounts({ storage, ...atOnce }).create(USER);
    const admin = { username: "root", token: hashToken("secret"), permissions: ["@all"] };
    const accounts = new Accounts({ storage, admin, ...atOnce });
    expect((await accounts.authenticate({ username: "root", token: "secret" }, "")).permissions).toEqual(["@all"]);
    expect((await accounts.list()).map(({ username }) => username)).toEqual(["u", "root"]);
    expect(await accounts.find("root")).toEqual({ username: "root", permissions: ["@all"] });
    expect((await storage.read.listUsers()).length).toBe(1);
  });
});
