import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { Hosts } from "./hosts.ts";

const hosts = new Hosts("hash.example", ["cache.example", "Other.Example."]);

describe("a request", () => {
  it.each([
    ["that names no host", {}],
    ["for where the server listens", { host: "hash.example:8080" }],
    ["for the same in other letters", { host: "HASH.example." }],
    ["for a name that was added", { host: "cache.example" }],
    ["for another one", { host: "other.example:1" }],
    ["for this machine", { host: "localhost:8080" }],
    ["for the machine by its name", { host: hostname() }],
    ["for a number", { host: "192.0.2.1:8080" }],
    ["for a number of IPv6", { host: "[2001:db8::1]:8080" }],
    ["from a page of the server itself", { host: "hash.example:8080", origin: "http://hash.example:8080" }],
    ["from a page of it by number", { host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080" }],
    ["from a page of a name that was added", { host: "hash.example:8080", origin: "https://cache.example" }],
  ])("%s may be answered", (_what, said) => {
    expect(hosts.faultOf(said)).toBeUndefined();
  });

  it.each([
    ["for a name of somebody else", { host: "rebind.evil.example" }],
    ["for one that begins or ends as ours", { host: "hash.example.evil.example" }],
    ["for one that has ours in it", { host: "nothash.example" }],
    ["for what is no name", { host: "][\\\\@:x" }],
    ["for nothing", { host: "" }],
  ])("%s may not", (_what, said) => {
    expect(hosts.faultOf(said)).toBe(`${JSON.stringify(said.host)} is no name of this server; --allow-host adds names`);
  });

  it.each([
    ["of another site", "http://evil.example"],
    ["of another port of this machine", "http://localhost:3000"],
    ["of a number that is not the host", "http://192.0.2.1"],
    ["that does not say whose", "null"],
    ["that says nothing", ""],
  ])("from a page %s may not", (_what, origin) => {
    expect(hosts.faultOf({ host: "localhost:8080", origin })).toBe(
      `pages of ${JSON.stringify(origin)} may not use this server; --allow-host adds names`,
    );
  });

  it("for any name is as it is where the server listens everywhere: numbers and names that were told", () => {
    const everywhere = new Hosts("");
    expect(everywhere.faultOf({ host: "10.0.0.1:80" })).toBeUndefined();
    expect(everywhere.faultOf({ host: "hash.example" })).toContain("no name of this server");
  });
});
