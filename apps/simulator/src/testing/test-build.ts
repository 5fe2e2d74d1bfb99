import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { USUAL_METHOD } from "@depid/doctor";
import type { DepId, OutHash, TaskHash } from "@depid/hash";
import { type Server, type ServerOptions, startServer } from "@depid/hashserv";
import { type HashClient, openClient } from "@depid/hashserv-client";
import { DatabaseSync } from "@photostructure/sqlite";

/** Sixty-four times the same digit: a hash that is easy to tell from others. */
export const hashOf = <T extends string>(digit: string): T => digit.repeat(64) as T;

/** One task that was built: reported to a server, its object stored. */
export interface Built {
  readonly recipe: string;
  readonly task: string;
  readonly taskhash: string;
  readonly outhash: string;
  readonly depid: string;
}

/** Two recipes with two sstate tasks each; a's sysroot was built twice, from inputs that gave the same output. */
export const BUILT: readonly Built[] = [
  { recipe: "a", task: "populate_sysroot", taskhash: "1", outhash: "a", depid: "1" },
  { recipe: "a", task: "populate_sysroot", taskhash: "2", outhash: "a", depid: "1" },
  { recipe: "a", task: "deploy", taskhash: "3", outhash: "b", depid: "3" },
  { recipe: "b", task: "populate_sysroot", taskhash: "4", outhash: "c", depid: "4" },
  { recipe: "b", task: "deploy", taskhash: "5", outhash: "d", depid: "5" },
];

/** A build directory with its settings, its sstate directory and BitBake's own database. */
export class TestBuild {
  readonly folder: string;
  readonly sstate: string;
  readonly database: string;
  #told = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.sstate = join(folder, "sstate-cache");
    this.database = join(folder, "cache/hashserv.db");
  }

  /** As it is after a build in which nothing went wrong. */
  async make(): Promise<void> {
    await this.configure("");
    await mkdir(dirname(this.database), { recursive: true });
    await this.tell(async (client) => {
      for (const built of BUILT) await this.report(client, built);
    });
    for (const built of BUILT) if (built.taskhash === built.depid) await this.store(built);
    await this.write(`11/11/${nameOf({ recipe: "a", task: "compile", depid: "9" })}.siginfo`, siginfoOf("9", "9"));
  }

  /** Writes `conf/local.conf`. */
  async configure(conf: string): Promise<void> {
    await mkdir(join(this.folder, "conf"), { recursive: true });
    await writeFile(join(this.folder, "conf/local.conf"), conf);
  }

  /** Lets a server of ours run on the database meanwhile. */
  async serve<T>(work: (server: Server) => Promise<T>, options: Partial<ServerOptions> = {}): Promise<T> {
    const bind = `unix://${join(this.folder, "hashserve.sock")}`;
    const server = await startServer({ bind, database: this.database, ...options } as ServerOptions);
    try {
      return await work(server);
    } finally {
      await server.close();
    }
  }

  /** Lets a client talk to a server of ours; the database is then what that server leaves, at rest. */
  async tell<T>(work: (client: HashClient) => Promise<T>): Promise<T> {
    const live = `${this.database}.${++this.#told}`;
    if (existsSync(this.database)) copyAtRest(this.database, live);
    const done = await this.serve(
      async ({ address }) => {
        const client = await openClient(address);
        try {
          return await work(client);
        } finally {
          await client.close();
        }
      },
      { database: live },
    );
    await rm(this.database, { force: true });
    copyAtRest(live, this.database);
    return done;
  }

  async report(client: HashClient, { recipe, task, taskhash, outhash }: Built, method = USUAL_METHOD): Promise<void> {
    await client.report({
      method,
      taskhash: hashOf<TaskHash>(taskhash),
      outhash: hashOf<OutHash>(outhash),
      depid: hashOf<DepId>(taskhash),
      details: { PN: recipe, task, outhashSiginfo: "OEOuthashBasic\n18\nSSTATE_PKGSPEC=x\n" },
    });
  }

  /** Stores an object with its siginfo. */
  async store(built: Omit<Built, "outhash">): Promise<void> {
    const path = this.pathOf(built);
    await this.write(path, "an archive");
    await this.write(`${path}.siginfo`, siginfoOf(built.taskhash, built.depid));
  }

  /** Of the object, relative to the sstate directory. */
  pathOf(built: Pick<Built, "recipe" | "task" | "depid">): string {
    return `${built.depid.repeat(2)}/${built.depid.repeat(2)}/${nameOf(built)}`;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    const file = join(this.sstate, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

function nameOf({ recipe, task, depid }: Pick<Built, "recipe" | "task" | "depid">): string {
  return `sstate:${recipe}:x86_64-linux:1.0:r0:x86_64:14:${hashOf(depid)}_${task}.tar.zst`;
}

/** A copy of a database with all that is in its write-ahead log, whoever has it open. */
function copyAtRest(from: string, to: string): void {
  const source = new DatabaseSync(from);
  source.exec(`VACUUM INTO '${to}'`);
  source.close();
  const copy = new DatabaseSync(to);
  copy.exec("PRAGMA journal_mode = WAL");
  copy.close();
}

/** Signature data as BitBake writes them: JSON in a zstd frame. */
export function siginfoOf(taskhash: string, depid: string): Uint8Array {
  return zstdOf(
    JSON.stringify({
      basehash: hashOf("0"),
      basehash_ignore_vars: { _set_object: [] },
      file_checksum_values: [],
      gendeps: {},
      runtaskdeps: [],
      runtaskhashes: {},
      task: "do_x",
      taskdeps: [],
      taskhash: hashOf(taskhash),
      taskhash_ignore_tasks: null,
      unihash: hashOf(depid),
      varvals: { do_x: "" },
    }),
  );
}

/** A zstd frame of one block that is stored as it is (RFC 8878 section 3.1.1). */
function zstdOf(text: string): Uint8Array {
  const content = Buffer.from(text);
  const head = Buffer.alloc(12);
  head.writeUInt32LE(0xfd2fb528, 0); // magic number
  head.writeUInt8(0xa0, 4); // one segment, whose size has four bytes
  head.writeUInt32LE(content.length, 5);
  head.writeUIntLE((content.length << 3) | 1, 9, 3); // the last block, raw
  return Buffer.concat([head, content]);
}
