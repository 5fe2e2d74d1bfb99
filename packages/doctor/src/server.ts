/** Why there is no answer. `silent`: the connection stands, nothing comes. `foreign`: what comes is no answer. */
export type ServerFault = "unreachable" | "silent" | "foreign" | "refused";

/** What a server, or the upstream of one, answered to questions that change nothing. */
export interface ServerAnswers {
  readonly role: "server" | "upstream";
  readonly address: string;
  /** What went wrong, if something did; then nothing else is known. */
  readonly fault?: { readonly kind: ServerFault; readonly reason: string };
  /** Whether other machines can reach it. */
  readonly isNetwork: boolean;
  /** Whether we logged in. */
  readonly isLoggedIn: boolean;
  /** Whether we may delete rows; `undefined` if that could not be found out. */
  readonly mayDelete?: boolean;
  readonly isReadOnly?: boolean;
  /** Milliseconds of a round trip. */
  readonly pingMs?: number;
  /** How many requests it has answered since it was started. */
  readonly requests?: number;
}
