import type { TlsOptions } from "./bind-port.ts";
import type { Transport } from "./transport.ts";

/** Takes each new connection. */
export type Accept = (transport: Transport) => void;

/** A place where connections come in. */
export interface Listener {
  /** Where, as a client would be told; with the real port if 0 was asked for. */
  readonly address: string;
  /** Of use with TLS alone: new connections get this certificate, which was checked; those that are open keep theirs. */
  renewTls(tls: TlsOptions): void;
  /** Takes no more connections. Those that are open are left alone. */
  close(): Promise<void>;
}
