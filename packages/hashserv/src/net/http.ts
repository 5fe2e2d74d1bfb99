import {
  get,
  HTTP_RESOURCE,
  InvalidRequestError,
  type Json,
  ProtocolError,
  parseJson,
  report,
} from "@depid/hashserv-protocol";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { PermissionError } from "../errors.ts";
import type { Service } from "../service.ts";
import type { Command } from "../session/command.ts";
import { COMMANDS } from "../session/commands.ts";
import { REPORT_OF_OLD_CLIENT } from "../session/commands-equivalence.ts";
import { account } from "../session/observer.ts";
import { Visitor } from "../session/visitor.ts";
import { Budget } from "./budget.ts";
import type { Hosts } from "./hosts.ts";
import { type BodyLimits, withBody } from "./http-body.ts";

/** Bytes a report may have; the text of an output hash is the long part of it. */
const MAX_BODY = 64 * 1024 * 1024;
const GET = COMMANDS.find(({ name }) => name === get.name) as Command;
const REPORT = COMMANDS.find(({ name }) => name === report.name) as Command;
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The HTTP interface of the RFC of 2018: one resource, asked with GET and reported to with POST, on the same rows as all
 * else. What we call depid goes by that name here; `unihash`, its later name, is taken and given too. Everybody is
 * anonymous. Errors are `{"error": reason}`.
 *
 * @param hosts whom requests may be for, and from
 * @param limits of bodies: 64 Mi each unless told
 */
export function createHttpInterface(service: Service, hosts: Hosts, limits: Partial<BodyLimits> = {}): Hono {
  const { maxBytes = MAX_BODY, budget = new Budget(Number.POSITIVE_INFINITY) } = limits;
  const app = new Hono();
  const reporting = service.shortDepIds ? REPORT_OF_OLD_CLIENT : REPORT;
  app.use(async (context, next) => {
    const fault = hosts.faultOf({ host: context.req.header("host"), origin: context.req.header("origin") });
    if (fault !== undefined) throw new HTTPException(403, { message: fault });
    await next();
  });
  app.get(HTTP_RESOURCE, async (context) => {
    const { method, taskhash } = context.req.query();
    return context.json(await run(service, GET, { method, taskhash }));
  });
  app.post(HTTP_RESOURCE, expectJson, (context) =>
    withBody(context.req.raw, { maxBytes, budget }, async (body) =>
      context.json(await run(service, reporting, readReport(body))),
    ),
  );
  app.all(HTTP_RESOURCE, (context) => context.json({ error: "expected GET or POST" }, 405, { allow: "GET, POST" }));
  app.notFound((context) => context.json({ error: `nothing here; the interface is ${HTTP_RESOURCE}` }, 404));
  app.onError((error, context) => refuse(service, error, context));
  return app;
}

/** Forms and plain text are what pages of other sites can send without asking (CORS). */
const expectJson: MiddlewareHandler = async (context, next) => {
  const type = context.req.header("content-type");
  const message = `expected content-type application/json, found ${type === undefined ? "none" : JSON.stringify(type)}`;
  if (type === undefined) throw new HTTPException(400, { message });
  if (!/^application\/json\s*(?:;|$)/i.test(type)) throw new HTTPException(415, { message });
  await next();
};

async function run(service: Service, command: Command, args: unknown): Promise<Json> {
  const { name } = command;
  const visitor = new Visitor(service.anonymous);
  const start = performance.now();
  let [found, missed] = [0, 0];
  try {
    const { answer } = await command.run(visitor.admit(command, args), { ...service, visitor });
    [found, missed] = answer === null ? [0, 1] : [1, 0];
    return withDepId(answer);
  } finally {
    account(service, start, { name, count: 1, found, missed });
  }
}

/** The arguments of a report, with the depid under the name they have on the wire. @throws {InvalidRequestError} */
function readReport(body: Uint8Array): unknown {
  let value: unknown;
  try {
    value = parseJson(UTF_8.decode(body));
  } catch {
    throw new InvalidRequestError("the body is not JSON in UTF-8");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidRequestError("the body is no JSON object");
  }
  const { depid, unihash = depid, ...args } = value as Readonly<Record<string, unknown>>;
  if (depid !== undefined && depid !== unihash) throw new InvalidRequestError("depid and unihash differ");
  return { ...args, unihash };
}

function withDepId(answer: Json): Json {
  if (typeof answer !== "object" || answer === null || !("unihash" in answer)) return answer;
  return { ...answer, depid: answer.unihash };
}

function refuse({ log, observer }: Service, error: Error, context: Context): Response {
  observer?.refused();
  if (error instanceof HTTPException) return context.json({ error: error.message }, error.status);
  if (error instanceof PermissionError) return context.json({ error: error.message }, 403);
  if (error instanceof ProtocolError) return context.json({ error: error.message }, 400);
  log("ERROR", `HTTP request failed: ${error.message}`);
  return context.json({ error: "the server failed to handle the request" }, 500);
}
