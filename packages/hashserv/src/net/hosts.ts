import { isIP } from "node:net";
import { hostname } from "node:os";

/** What a request says of where it comes from and goes to. */
export interface RequestHosts {
  /** `NAME[:PORT]`; absent in HTTP 1.0. */
  readonly host?: string | undefined;
  /** Which page a browser made it for: `SCHEME://NAME[:PORT]`, or `null`. Programs say nothing. */
  readonly origin?: string | undefined;
}

/**
 * The names a server goes by, so that web pages of others cannot use a browser behind a firewall to reach it: neither as they
 * are, for which browsers tell their origin, nor under a name of their own that leads to its address (DNS rebinding), which
 * is in the host. Numbers are nobody's names.
 */
export class Hosts {
  readonly #names: ReadonlySet<string>;
  readonly #allowed: ReadonlySet<string>;

  /**
   * @param bound where it listens; "" for everywhere
   * @param allowed further names, whose pages may use it, too
   */
  constructor(bound: string, allowed: Iterable<string> = []) {
    this.#allowed = new Set([...allowed].map(normalize));
    this.#names = new Set([...["localhost", hostname(), bound].map(normalize), ...this.#allowed]);
  }

  /** Why a request must not be answered; undefined if it may be. */
  faultOf({ host, origin }: RequestHosts): string | undefined {
    if (host !== undefined && !this.#isOurs(nameOf(host))) {
      return `${JSON.stringify(host)} is no name of this server; --allow-host adds names`;
    }
    if (origin === undefined || this.#isOfOurPages(origin, host)) return undefined;
    return `pages of ${JSON.stringify(origin)} may not use this server; --allow-host adds names`;
  }

  #isOurs(name: string): boolean {
    return isIP(name) !== 0 || this.#names.has(name);
  }

  #isOfOurPages(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false;
    const page = new URL(origin);
    return page.host === host?.toLowerCase() || this.#allowed.has(nameOf(page.host));
  }
}

/** The name in `NAME[:PORT]` or `[V6ADDR][:PORT]`. */
function nameOf(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1];
  return normalize(bracketed ?? host.replace(/:\d*$/, ""));
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
