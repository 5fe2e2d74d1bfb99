import { access, lstat, unlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { dirname } from "node:path";
import { outsideReason } from "@depid/hash";
import { withShortPath } from "@depid/hashserv-protocol/fs";
import { ListenError } from "../errors.ts";
import type { Accept, Listener } from "./listener.ts";
import { SocketTransport } from "./socket-transport.ts";

/**
 * Listens on a unix socket at a path of any length. A socket file nobody answers at is replaced; that of a live server
 * is not (section 14, item 13). On close the file is removed, if it is still ours.
 *
 * @throws {ListenError}
 */
export async function listenUnix(path: string, accept: Accept): Promise<Listener> {
  const address = `unix://${path}`;
  try {
    await access(dirname(path));
    // Bound through a name that is gone afterwards: Node removes the name it was given on close, whoever's it is then.
    return await withShortPath(path, async (shortPath) => {
      await makeRoom(path, shortPath);
      const server = createServer({ allowHalfOpen: true }, (socket) => accept(new SocketTransport(socket)));
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(shortPath, resolve);
      });
      const ours = await identify(path);
      const close = async () => {
        server.close();
        if (ours !== undefined && (await identify(path)) === ours) await unlink(path);
      };
      return { address, renewTls() {}, close };
    });
  } catch (cause) {
    if (cause instanceof ListenError) throw cause;
    throw new ListenError(address, reasonOf(cause as NodeJS.ErrnoException), { cause });
  }
}

/** Removes a socket file that has no server. @throws {ListenError} when it has one, or when the file is no socket */
async function makeRoom(path: string, shortPath: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) throw new ListenError(`unix://${path}`, "there is a file that is no socket");
  if (await isAnswered(shortPath)) throw new ListenError(`unix://${path}`, "another server listens there");
  await unlink(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "ECONNREFUSED"));
  });
}

/** Tells one socket file from a later one of the same name. */
async function identify(path: string): Promise<string | undefined> {
  const found = await lstat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}:${found.birthtimeNs}`;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "no such directory";
  if (error.code === "EACCES") return "permission denied";
  return outsideReason(error);
}
