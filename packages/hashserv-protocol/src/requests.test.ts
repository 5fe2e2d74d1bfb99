import { parseDepId, sha256Hex } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { InvalidRequestError, ProtocolError } from "./errors.ts";
import { get } from "./methods/get.ts";
import { getOutHash } from "./methods/get-outhash.ts";
import { getStats } from "./methods/get-stats.ts";
import type { ClientSide } from "./methods/method.ts";
import { ping } from "./methods/ping.ts";
import { report } from "./methods/report.ts";
import { reportEquiv } from "./methods/report-equiv.ts";
import { formatRequest, parseRequest } from "./requests.ts";
import { formatInvokeError, parseResponse } from "./responses.ts";
import { NO_DETAILS } from "./rows.ts";

const A = parseDepId(sha256Hex("a"));
const key = { method: "m", taskhash: "t" };
const record = {
  ...key,
  outhash: "o",
  id: 7,
  created: null,
  details: { ...NO_DETAILS, PN: "zlib", outhashSiginfo: "s" },
};

describe("requests", () => {
  it.each([
    ["ping", formatRequest(ping, {}), {}],
    ["get", formatRequest(get, { ...key, all: true }), { ...key, all: true }],
    [
      "get-outhash",
      formatRequest(getOutHash, { ...key, outhash: "o", withDepId: false }),
      { ...key, outhash: "o", withDepId: false },
    ],
    ["report-equiv", formatRequest(reportEquiv, { ...key, depid: A }), { ...key, depid: A }],
    [
      "report",
      formatRequest(report, { ...key, outhash: "o", depid: A, details: { PN: "p", outhashSiginfo: "s" } }),
      { ...key, outhash: "o", depid: A, details: { ...NO_DETAILS, PN: "p", outhashSiginfo: "s" } },
    ],
  ])("%s reads as it was written", (name, message, args) => {
    expect(parseRequest(message)).toEqual({ name, args });
  });

  it("have the reference's names on the wire", () => {
    expect(formatRequest(report, { ...key, outhash: "o", depid: A, details: { outhashSiginfo: "s" } })).toEqual({
      report: { method: "m", taskhash: "t", outhash: "o", unihash: A, outhash_siginfo: "s" },
    });
  });

  it.each([
    [{ ping: 1, get: 5 }, "ping"],
    [{ report: {}, "get-stats": null, zzz: 1 }, "get-stats"],
    [JSON.parse('{"__proto__": {"get": 1}, "get-stream": 1}'), "get-stream"],
  ])("are the first of several in dispatch order: %j", (message, name) => {
    expect(parseRequest(message).name).toBe(name);
  });

  it.each([
    [undefined, false],
    [null, false],
    [0, false],
    ["", false],
    [[], false],
    [{}, false],
    [1, true],
    ["x", true],
    [[0], true],
  ])("take a flag of %j for %j", (all, flag) => {
    const args = all === undefined ? key : { ...key, all };
    expect(parseRequest({ get: args })).toEqual({ name: "get", args: { ...key, all: flag } });
  });

  it.each([
    [{ get: null }, "arguments: expected an object, found null"],
    [{ get: { method: "m" } }, "argument 'taskhash': expected text, found nothing"],
    [{ get: { method: 5, taskhash: "t" } }, "argument 'method': expected text, found a number"],
    [{ get: { method: "\ud800", taskhash: "t" } }, "argument 'method': not valid Unicode text"],
    [{ report: { ...key, outhash: "o", unihash: A.toUpperCase() } }, "Invalid unihash"],
    [{ report: { ...key, unihash: A } }, "argument 'outhash': expected text, found nothing"],
    [{ report: { ...key, outhash: "o", unihash: A, PN: ["p"] } }, "argument 'PN': expected text, found an array"],
    [{ constructor: 1 }, "unknown command 'constructor'"],
    [{}, "no command"],
    [7, "message: expected an object, found a number"],
  ])("that make no sense are refused: %j", (message, reason) => {
    expect(() => parseRequest(message)).toThrow(new InvalidRequestError(reason));
  });
});

describe("responses", () => {
  it.each([
    ["the short answer of get", get, { ...key, depid: A }],
    ["the long answer of get", get, { ...record, depid: A, mark: "" }],
    ["no answer of get", get, null],
    ["a record", getOutHash, record],
    ["a record with its depid", getOutHash, { ...record, depid: A, mark: "x" }],
    ["the server's account", getStats, { count: 2, totalTime: 3, maxTime: 2, average: 1.5, deviation: 0.5 }],
  ])("read as they were written: %s", (_what, method, answer) => {
    const message = JSON.parse(JSON.stringify(method.formatAnswer(answer as never)));
    expect(parseResponse(method as ClientSide<never, unknown>, message)).toEqual({ type: "answer", answer });
  });

  it("may be a refusal", () => {
    expect(parseResponse(ping, formatInvokeError("no"))).toEqual({ type: "error", reason: "no" });
  });

  it.each([
    [get, { taskhash: "t", method: "m", unihash: "A".repeat(64) }],
    [get, { taskhash: "t", unihash: A }],
    [report, null],
    [ping, {}],
    [getStats, { requests: { num: "1" } }],
  ])("that are none are a protocol error", (method, message) => {
    expect(() => parseResponse(method as typeof ping, message)).toThrow(ProtocolError);
  });
});
