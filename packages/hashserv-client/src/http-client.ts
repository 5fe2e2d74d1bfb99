import { type DepId, isDepId } from "@depid/hash";
import {
  type EquivalenceKey,
  HTTP_RESOURCE,
  ProtocolError,
  type Report,
  report as reportMethod,
} from "@depid/hashserv-protocol";
import pLimit from "p-limit";
import { ConnectionError, ServerError } from "./errors.ts";

/** Milliseconds an answer may take. */
const TIMEOUT_MS = 30_000;
/** Requests under way at a time. */
const CONCURRENCY = 16;

const JSON_TYPE = { "content-type": "application/json" };

export interface HttpClientOptions {
  /** Breaks off what is under way. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for each answer; 30 s unless told. */
  readonly timeoutMs?: number;
}

/**
 * A client of the HTTP interface of the RFC of 2018. It costs a request each, so the other interface is many times
 * faster; this one passes where only HTTP does. All may throw `ServerError`, `ConnectionError` and `ProtocolError`.
 */
export interface HttpClient {
  readonly url: string;
  /** The depids of tasks, in the order asked. */
  getDepIds(queries: readonly EquivalenceKey[]): Promise<readonly (DepId | undefined)[]>;
  /** Reports one after the other. @returns the depids that now apply */
  reportAll(reports: readonly Report[]): Promise<readonly DepId[]>;
}

/** @param url as SSTATE_HASHEQUIV_SERVER has it: `http://HOST:PORT`, or with a path before `/v1` */
export function openHttpClient(url: string, options: HttpClientOptions = {}): HttpClient {
  const resource = `${url.replace(/\/+$/, "")}${HTTP_RESOURCE}`;
  const ask = async (query: string, init: RequestInit) => {
    const { signal, timeoutMs = TIMEOUT_MS } = options;
    const timeout = AbortSignal.timeout(timeoutMs);
    const limits = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    let response: Response;
    let text: string;
    try {
      response = await fetch(resource + query, { ...init, signal: limits });
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      if (timeout.aborted) throw new ConnectionError(url, "timeout", `no answer within ${timeoutMs / 1000} s`);
      throw new ConnectionError(url, "unreachable", reasonOf(cause), { cause });
    }
    return readAnswer(response, text);
  };
  return {
    url,
    getDepIds(queries) {
      return pLimit(CONCURRENCY).map(queries, async ({ method, taskhash }) => {
        const answer = await ask(`?${new URLSearchParams({ method, taskhash })}`, {});
        return answer === null ? undefined : depIdIn(answer);
      });
    },
    async reportAll(reports) {
      const applies: DepId[] = [];
      for (const one of reports) {
        const { unihash: depid, ...rest } = reportMethod.formatArguments(one) as Record<string, string>;
        applies.push(
          depIdIn(await ask("", { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ ...rest, depid }) })),
        );
      }
      return applies;
    },
  };
}

function readAnswer(response: Response, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (response.ok) throw new ProtocolError("answer: expected JSON", { cause });
  }
  if (response.ok) return value;
  const told = typeof value === "object" && value !== null && "error" in value ? value.error : undefined;
  throw new ServerError(typeof told === "string" ? told : `HTTP status ${response.status}`);
}

/** Servers between the RFC and today's protocol call it `unihash`. */
function depIdIn(answer: unknown): DepId {
  const row = typeof answer === "object" && answer !== null ? (answer as Readonly<Record<string, unknown>>) : {};
  const depid = row.depid ?? row.unihash;
  if (!isDepId(depid)) throw new ProtocolError("answer: expected an object with a depid");
  return depid;
}

/** What `fetch` hides in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ECONNREFUSED") return "connection refused";
  return cause instanceof Error && cause.message !== "" ? cause.message : String(code ?? error);
}
