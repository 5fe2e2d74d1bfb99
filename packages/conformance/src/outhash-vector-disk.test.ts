import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lchownSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MemoryObject } from "@depid/sstate";
import { createDirectoryTree } from "@depid/sstate/fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseOutHashVector, vectorObjects } from "./outhash-vector.ts";
import { checkOutHashVector } from "./outhash-vector-check.ts";

const FOLDER = fileURLToPath(new URL("../../../fixtures/outhash/", import.meta.url));
const vectors = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => parseOutHashVector(JSON.parse(readFileSync(`${FOLDER}${file}`, "utf8"))));

let root: string;
let laidOut: LaidOut | undefined;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "outhash-")));
  chmodSync(root, 0o755);
});
afterEach(async () => {
  await laidOut?.close();
  laidOut = undefined;
  rmSync(root, { recursive: true, force: true });
});

describe("recorded output hash vectors, laid out on disk", () => {
  for (const vector of vectors)
    it(`${vector.name} agrees`, async (context) => {
      try {
        laidOut = await layOut(vectorObjects(vector, root), root);
      } catch (error) {
        if (error instanceof CannotCreate) context.skip(error.message);
        throw error;
      }
      const { verdict } = await checkOutHashVector(vector, createDirectoryTree(root));
      // A regular expression that we refuse: outhash-vector.test.ts says which.
      expect(verdict).toBe(vector.name === "n31-filemap" ? "awaits" : "agrees");
    });
});

/** What this user or machine cannot create; a test that meets it is skipped with the message as reason. */
class CannotCreate extends Error {}

/** A tree on disk; sockets live as long as it is not closed. */
interface LaidOut {
  close(): Promise<void>;
}

/**
 * Creates a tree described in memory below the directory `root`. Owners and devices need root.
 *
 * @throws {CannotCreate}
 */
async function layOut(objects: readonly MemoryObject[], root: string): Promise<LaidOut> {
  const sockets: Server[] = [];
  const close = async () => {
    await Promise.all(sockets.map((socket) => new Promise((done) => socket.close(done))));
  };
  try {
    for (const object of objects) {
      createDirectories(dirname(join(root, object.path)));
      if (object.type === "socket") sockets.push(await listen(join(root, object.path)));
      else create(object, join(root, object.path));
    }
    // From the last to the first, as creating what is inside a directory changes its time.
    for (const object of objects.toReversed()) dress(object, bytesOf(join(root, object.path)));
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createDirectories(path: string): void {
  if (existsSync(bytesOf(path))) return;
  createDirectories(dirname(path));
  mkdirSync(bytesOf(path));
  chmodSync(bytesOf(path), 0o755); // whatever the umask
}

function create(object: MemoryObject, path: string): void {
  if (object.type === "dir") createDirectories(path);
  else if (object.type === "file") writeFileSync(bytesOf(path), object.content);
  else if (object.type === "symlink") symlinkSync(object.target, path);
  else if (object.type === "char" || object.type === "block")
    run("mknod", path, object.type.slice(0, 1), String(object.major), String(object.minor));
  else run("mkfifo", path);
}

function dress(object: MemoryObject, path: Buffer): void {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && (object.owner !== undefined || object.group !== undefined)) throw new CannotCreate("owners need root");
  if (!isRoot && object.type === "file" && ((object.mode ?? 0o644) & 0o400) === 0)
    throw new CannotCreate("a file which its owner may not read needs root");
  if (isRoot) lchownSync(path, idOf("/etc/passwd", object.owner), idOf("/etc/group", object.group));
  if (object.type !== "symlink" && object.mode !== undefined) chmodSync(path, object.mode);
  if (object.mtime !== undefined) lutimesSync(path, object.mtime, object.mtime);
}

function idOf(file: string, name: string | number = "root"): number {
  if (typeof name === "number") return name;
  const lines = readFileSync(file, "utf8").split("\n");
  const line = lines.map((text) => text.split(":")).find(([found]) => found === name);
  if (line === undefined) throw new CannotCreate(`${name} is not in ${file}`);
  return Number(line[2]);
}

function run(command: string, ...args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: "ignore" });
  } catch {
    throw new CannotCreate(`${command} does not work here`);
  }
}

function listen(path: string): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(path, () => done(server));
  });
}

/** A path as bytes: U+DC80 to U+DCFF stand for bytes that are no UTF-8. */
function bytesOf(path: string): Buffer {
  const parts = path.split(/(\p{Surrogate})/u);
  return Buffer.concat(
    parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) & 0xff))),
  );
}
