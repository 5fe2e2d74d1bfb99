import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findLogin } from "./netrc.ts";
import { readNetrcFile } from "./netrc-file.ts";

const ADDRESS = "unix:///tmp/h.sock";
const BOB = { username: "bob", token: "secret" };

describe("~/.netrc", () => {
  it.each([
    ["on one line", `machine ${ADDRESS} login bob password secret`],
    ["on several lines, in another order", `machine ${ADDRESS}\n\tpassword secret\n\taccount x\n\tlogin bob\n`],
    ["among others", `machine a login x password y\nmachine ${ADDRESS} login bob password secret\nmachine b login z`],
    ["behind comments", `# machine ${ADDRESS} login x\nmachine ${ADDRESS} user bob password secret # mine`],
    [
      "behind a macro",
      `macdef init\nmachine ${ADDRESS} login x password y\n\nmachine ${ADDRESS} login bob password secret`,
    ],
    ["in quotes", `machine "${ADDRESS}" login "bob" password "sec\\ret"`],
    ["as the default", "machine a login x password y\ndefault login bob password secret"],
    ["in place of the default", `default login x password y\nmachine ${ADDRESS} login bob password secret`],
  ])("has a login %s", (_how, text) => {
    expect(findLogin(text, ADDRESS)).toEqual(BOB);
  });

  it.each([[""], ["machine a login bob password secret"], [`machine ${ADDRESS}0 login bob password secret`]])(
    "has none in %j",
    (text) => {
      expect(findLogin(text, ADDRESS)).toBeUndefined();
    },
  );
});

it("a file is read if it is there, and nobody else has rights to it", async () => {
  const directory = await mkdtemp(join(tmpdir(), "hashclient-"));
  const path = join(directory, ".netrc");
  const warnings: string[] = [];
  const read = () => readNetrcFile(path, (line) => warnings.push(line));
  expect(await read()).toBeUndefined();
  await writeFile(path, "text", { mode: 0o600 });
  expect(await read()).toBe("text");
  expect(warnings).toEqual([]);
  await chmod(path, 0o640);
  expect(await read()).toBeUndefined();
  expect(warnings).toEqual([`${path} is not used: others have rights to it (chmod 600)`]);
  await rm(directory, { recursive: true });
});
