import pg from "pg";
import { isLost, StorageError } from "../../errors.ts";
import type { PostgresAddress } from "./address.ts";
import type { Query, Rows } from "./reader.ts";

/** Milliseconds a connection has for a farewell. */
const FAREWELL_MS = 1_000;
/** Everything is text to us. */
const TEXT: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };
/** Classes and codes of errors after which a connection is of no use: it is gone, or has lost its statements. */
const USELESS = /^(08|57P|26000|0A000|42P05)/;

/** What a statement came to. */
interface Result {
  readonly rows: Rows;
  /** What PostgreSQL says it was: "COMMIT" may turn out to be "ROLLBACK". */
  readonly command: string;
}

/** A statement on a connection that is there. Those that are sent in one go travel together. */
export type Run = (sql: string, ...values: readonly (string | number | null)[]) => Promise<Result>;

/** Statements in one go, all on one connection, until that is lost. */
export interface Session {
  readonly run: Run;
  /** Whether nothing will be answered any more. */
  readonly lost: boolean;
}

export interface ConnectionOptions {
  readonly address: PostgresAddress;
  /** Milliseconds without an answer, while one is owed, after which the connection counts as lost. */
  readonly silenceMs: number;
}

/**
 * A connection to PostgreSQL that is made when it is needed, and anew when it was lost: the server may be restarted,
 * killed, or fall silent; what was asked of it then fails with `STORAGE_LOST`.
 */
export class PostgresConnection {
  readonly #options: ConnectionOptions;
  #session: Promise<ClientSession> | undefined;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The session there is, or a new one. @throws {StorageError} when the server cannot be reached */
  async open(): Promise<Session> {
    if (this.#closed) throw new StorageError("the database is closed");
    const known = this.#session;
    if (known !== undefined) {
      const session = await known;
      if (!session.lost) return session;
      // Unless somebody who waited with us has begun to connect already.
      if (this.#session === known) this.#session = undefined;
    }
    this.#session ??= this.#connect();
    return this.#session;
  }

  /** One statement that changes nothing: it is asked once more when the connection turns out to be lost. */
  readonly query: Query = async (...statement) => {
    const session = await this.open();
    try {
      return (await session.run(...statement)).rows;
    } catch (error) {
      if (!isLost(error)) throw error;
      return (await (await this.open()).run(...statement)).rows;
    }
  };

  /** Ends the connection; what is under way has a moment. */
  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#session?.catch(() => undefined))?.close();
  }

  #connect(): Promise<ClientSession> {
    const connecting = connect(this.#options);
    connecting.catch(() => {
      if (this.#session === connecting) this.#session = undefined;
    });
    return connecting;
  }
}

async function connect({ address, silenceMs }: ConnectionOptions): Promise<ClientSession> {
  const client = await connectClient(address);
  const session = new ClientSession(client, silenceMs);
  const settings = Object.entries(address.settings);
  const set = (_: unknown, i: number) => `set_config($${2 * i + 1}::text, $${2 * i + 2}::text, false)`;
  try {
    if (settings.length > 0) await session.run(`SELECT ${settings.map(set).join(", ")}`, ...settings.flat());
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function connectClient(address: PostgresAddress): Promise<pg.Client> {
  const config = { ...address.client, pipeline: true, keepAlive: true, types: TEXT };
  try {
    return await tryConnect(config);
  } catch (error) {
    if (!address.plainWillDo || !/does not support SSL/.test(String(error))) throw unreachable(error);
    return tryConnect({ ...config, ssl: false }).catch((cause) => {
      throw unreachable(cause);
    });
  }
}

async function tryConnect(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // Who asks is told by what it asked. Without a listener, the end of a silent connection would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
}

function unreachable(cause: unknown): StorageError {
  return new StorageError(`the database cannot be reached: ${describe(cause)}`, { cause });
}

/** A client, and whether it owes us an answer. */
class ClientSession implements Session {
  readonly #client: pg.Client;
  readonly #silenceMs: number;
  readonly #names = new Map<string, string>();
  #owed = 0;
  #patience: NodeJS.Timeout | undefined;
  #gaveUp = false;
  lost = false;

  constructor(client: pg.Client, silenceMs: number) {
    this.#client = client;
    this.#silenceMs = silenceMs;
    const gone = () => {
      this.lost = true;
    };
    client.on("error", gone).on("end", gone);
  }

  readonly run: Run = async (text, ...values) => {
    if (this.lost) throw lost("its connection was lost");
    this.#owed++;
    this.#patience ??= setTimeout(this.#giveUp, this.#silenceMs);
    try {
      const { rows, command } = await this.#client.query<(string | null)[]>({
        text,
        values: [...values],
        rowMode: "array",
        ...(values.length === 0 ? {} : { name: this.#nameOf(text) }),
      });
      return { rows, command };
    } catch (cause) {
      throw this.#explain(cause);
    } finally {
      this.#owed--;
      if (this.#owed === 0) {
        clearTimeout(this.#patience);
        this.#patience = undefined;
      } else {
        this.#patience?.refresh();
      }
    }
  };

  async close(): Promise<void> {
    this.lost = true;
    clearTimeout(this.#patience);
    const late = setTimeout(() => this.#end(), FAREWELL_MS);
    await this.#client.end().catch(() => {});
    clearTimeout(late);
  }

  readonly #giveUp = (): void => {
    this.#gaveUp = true;
    this.#end();
  };

  /** `end()` of the client would wait for answers. */
  #end(): void {
    this.lost = true;
    this.#client.connection.stream.destroy();
  }

  /** Each statement is parsed once. */
  #nameOf(text: string): string {
    const name = this.#names.get(text) ?? `s${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  #explain(cause: unknown): unknown {
    if (cause instanceof pg.DatabaseError && cause.severity === "ERROR" && !USELESS.test(cause.code ?? ""))
      return cause;
    if (!this.lost) this.#end();
    return lost(this.#gaveUp ? `nothing for ${this.#silenceMs / 1000} s` : describe(cause), cause);
  }
}

function lost(reason: string, cause?: unknown): StorageError {
  return new StorageError(`the database does not answer: ${reason}`, { cause, code: "STORAGE_LOST" });
}

/** A failure to connect to several addresses has no message of its own. */
function describe(cause: unknown): string {
  if (cause instanceof AggregateError) return String(cause.errors[0]?.message ?? cause.message);
  return cause instanceof Error ? cause.message : String(cause);
}
