import type { Transport } from "./transport.ts";

/** Takes each new connection. */
export type Accept = (transport: Transport) => void;

/** A place where connections come in. */
export interface Listener {
  /** Where, as a client would be told; with the real port if 0 was asked for. */
  readonly address: string;
  /** Takes no more connections. Those that are open are left alone. */
  close(): Promise<void>;
}
