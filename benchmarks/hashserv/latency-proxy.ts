import { connect, createServer, type Socket } from "node:net";

/** Hands on bytes between those who connect to it and a server that seems to be far away. */
export interface LatencyProxy {
  readonly port: number;
  close(): void;
}

/**
 * Starts a proxy in front of a server on this machine. All bytes take half a round trip in either direction, however many
 * there are; those of a new connection one round trip more, which is how long it takes to open.
 *
 * @param roundTripMs milliseconds
 */
export async function startLatencyProxy(target: number, roundTripMs: number): Promise<LatencyProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: "127.0.0.1", noDelay: true });
    const opened = performance.now() + roundTripMs;
    pass(client, upstream, () => Math.max(opened, performance.now()) + roundTripMs / 2);
    pass(upstream, client, () => performance.now() + roundTripMs / 2);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** @param due when what comes now is to leave: never before what came earlier */
function pass(from: Socket, to: Socket, due: () => number): void {
  const waiting: { readonly at: number; readonly leave: () => void }[] = [];
  const leave = () => {
    while (waiting[0] !== undefined && waiting[0].at <= performance.now()) waiting.shift()?.leave();
    if (waiting[0] !== undefined) setTimeout(leave, waiting[0].at - performance.now());
  };
  const later = (one: () => void) => {
    if (waiting.push({ at: due(), leave: one }) === 1) leave();
  };
  from.on("data", (bytes) => later(() => to.write(bytes)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
  to.on("error", () => from.destroy());
}
