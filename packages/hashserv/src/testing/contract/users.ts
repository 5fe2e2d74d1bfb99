import { expect, it } from "vitest";
import type { OpenPair } from "./open-pair.ts";

/** Users have names of their own. */
export function describeUsers(pair: OpenPair): void {
  const root = { username: "root", token: "sha256:ab:cd", permissions: ["@all"] };
  const guest = { username: "a guest\0", token: "x", permissions: [] };

  it("keeps users, one of a name, in order of creation", async () => {
    const insert = (user: typeof root) => pair.storage.transaction((rows) => rows.insertUser(user));
    expect([await insert(root), await insert(guest), await insert({ ...root, token: "y" })]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await pair.other.read.listUsers()).toEqual([root, guest]);
    expect(await pair.other.read.findUser("root")).toEqual(root);
    expect(await pair.other.read.findUser("Root")).toBeUndefined();
    expect(await pair.other.read.findUser(guest.username)).toEqual(guest);
  });

  it("changes and removes users, and says whether there is such a user", async () => {
    const done = await pair.storage.transaction(async (rows) => [
      await rows.insertUser(root),
      await rows.insertUser(guest),
      await rows.updateUser("root", { permissions: ["@read", "@report"] }),
      await rows.updateUser(guest.username, { token: "z" }),
      await rows.updateUser("nobody", { token: "z" }),
      await rows.removeUser("nobody"),
    ]);
    expect(done).toEqual([true, true, true, true, false, false]);
    expect(await pair.other.read.listUsers()).toEqual([
      { ...root, permissions: ["@read", "@report"] },
      { ...guest, token: "z" },
    ]);
    expect(await pair.storage.transaction((rows) => rows.removeUser("root"))).toBe(true);
    expect(await pair.other.read.listUsers()).toEqual([{ ...guest, token: "z" }]);
  });

  it("takes back changes of users, the mark and removed rows, too", async () => {
    await pair.record("t", "o", "u");
    await pair.storage.transaction((rows) => rows.insertUser(root));
    const failed = pair.storage.transaction(async (rows) => {
      await rows.removeUser("root");
      await rows.insertUser(guest);
      await rows.setMark("x");
      await rows.markEquivalences({ method: "m" }, "x", { after: 0, limit: 9 });
      await rows.removeOutHashes({ method: "m" }, { after: 0, limit: 9 });
      await rows.removeEquivalences({ depid: "u" }, { after: 0, limit: 9 });
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await pair.storage.read.listUsers()).toEqual([root]);
    expect(await pair.storage.read.findMark()).toBeUndefined();
    expect(await pair.storage.read.findOldestOfTask({ method: "m", taskhash: "t" })).toMatchObject({
      depid: "u",
      mark: "",
    });
    expect(await pair.storage.read.depIdsExist(["u"])).toEqual([true]);
  });
}
