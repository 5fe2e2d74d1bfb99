import { userInfo } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { StorageError } from "../../errors.ts";
import { readAddress } from "./address.ts";

afterEach(() => vi.unstubAllEnvs());

describe("the address of a PostgreSQL database", () => {
  it.each([
    ["postgres://me@h:1/db", { user: "me", host: "h", port: 1, database: "db", ssl: false }],
    ["postgresql+asyncpg://me@h/db", { user: "me", host: "h", port: 5432, database: "db" }],
    ["postgres://me:p%40ss%2Fw%25@h/db", { user: "me", password: "p@ss/w%", host: "h" }],
    ["postgres://me@[::1]:5433/a%20b", { host: "::1", port: 5433, database: "a b" }],
    ["postgres://%2Fvar%2Frun%2Fpostgresql/db", { host: "/var/run/postgresql", database: "db" }],
    [
      "postgres:///db?host=/run/pg&port=5444&user=u&password=p",
      { host: "/run/pg", port: 5444, user: "u", password: "p" },
    ],
    ["postgres://me@h", { user: "me", database: "me" }],
    ["postgres://h/?dbname=other", { database: "other", user: userInfo().username }],
    ["postgres://h/db?connect_timeout=3&application_name=x&options=-c%20a%3Db", { connectionTimeoutMillis: 3000 }],
  ])("%s", (address, client) => {
    expect(readAddress(address).client).toMatchObject(client);
  });

  it("has from the environment what it does not say", () => {
    const told = { PGHOST: "h", PGPORT: "7", PGUSER: "u", PGPASSWORD: "p", PGDATABASE: "d" };
    for (const [name, text] of Object.entries(told)) vi.stubEnv(name, text);
    const expected = { host: "h", port: 7, user: "u", password: "p", database: "d" };
    expect(readAddress("postgres://").client).toMatchObject(expected);
    expect(readAddress("postgres://a:b@c:1/e").client).toMatchObject({ host: "c", port: 1, user: "a", password: "b" });
  });

  it("gives way to a name and a password that are told apart from it", () => {
    const login = { username: "a b@", password: "p:%/" };
    expect(readAddress("postgres://x:y@h/db", login).client).toMatchObject({ user: "a b@", password: "p:%/" });
  });

  it("hands on what is a parameter of PostgreSQL's own", () => {
    const { settings } = readAddress("postgres://h/db?search_path=a,b&sslmode=disable&statement_timeout=5");
    expect(settings).toEqual({ search_path: "a,b", statement_timeout: "5" });
  });

  it.each([
    ["", false],
    ["?sslmode=disable", false],
    ["?sslmode=allow", { rejectUnauthorized: false }],
    ["?sslmode=prefer", { rejectUnauthorized: false }],
    ["?sslmode=require", { rejectUnauthorized: false }],
    ["?sslmode=no-verify", { rejectUnauthorized: false }],
    ["?sslmode=verify-ca", { checkServerIdentity: expect.any(Function) }],
    ["?sslmode=verify-full", {}],
    ["?ssl=true", {}],
    ["?ssl=require", { rejectUnauthorized: false }],
    [`?sslmode=verify-full&sslrootcert=${import.meta.filename}`, { ca: expect.any(Buffer) }],
    [
      `?sslmode=require&sslrootcert=${import.meta.filename}`,
      { ca: expect.any(Buffer), checkServerIdentity: expect.any(Function) },
    ],
    ["?sslmode=verify-full&sslrootcert=system", {}],
  ])("has TLS as libpq has it: %s", (query, ssl) => {
    expect(readAddress(`postgres://h/db${query}`).client.ssl).toEqual(ssl);
  });

  it.each(["allow", "prefer"])("goes without TLS where there is none: sslmode=%s", (mode) => {
    expect(readAddress(`postgres://h/db?sslmode=${mode}`).plainWillDo).toBe(true);
    expect(readAddress("postgres://h/db?sslmode=require").plainWillDo).toBe(false);
  });

  it.each([
    ["mysql://h/db", "expected a path, or postgres://USER@HOST:PORT/NAME"],
    ["postgres://h:port/db", "expected a path, or postgres://USER@HOST:PORT/NAME"],
    ["postgres://h/db?port=x", "expected a number as port, found x"],
    ["postgres://h/%zz", "%XX for bytes"],
    [
      "postgres://h/db?sslmode=on",
      'sslmode: expected disable, allow, prefer, require, verify-ca or verify-full, found "on"',
    ],
    ["postgres://h/db?sslmode=require&sslrootcert=/nowhere/ca.pem", "sslrootcert: ENOENT"],
  ])("%s is none", (address, reason) => {
    expect(() => readAddress(address)).toThrow(StorageError);
    expect(() => readAddress(address)).toThrow(reason);
  });

  it("is named without its password", () => {
    expect(readAddress("postgres://me:secret@h/db?password=secret&user=u").name).toBe("postgres://me@h/db?user=u");
  });
});
