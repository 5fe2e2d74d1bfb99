import { type Log, silent } from "./log.ts";
import { Accounts } from "./session/accounts.ts";
import { DEFAULT_ANONYMOUS } from "./session/anonymous.ts";
import type { Observer } from "./session/observer.ts";
import type { Permission } from "./session/permissions.ts";
import { RequestCounter } from "./session/request-counter.ts";
import type { Storage } from "./storage/storage.ts";
import { Backfill } from "./upstream/backfill.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** What the connections of a server share: all that a request may need but for who makes it. */
export interface Service {
  readonly storage: Storage;
  readonly counter: RequestCounter;
  readonly accounts: Accounts;
  /** What everybody may do. */
  readonly anonymous: ReadonlySet<Permission>;
  /** Whether nothing is ever written. */
  readonly readOnly: boolean;
  readonly upstream: Upstream | undefined;
  readonly backfill: Backfill;
  /** Microseconds since 1970, UTC. */
  readonly now: () => number;
  /** Whether clean-unused counts ages as the reference does: the wrong way round. */
  readonly cleanUnusedCompat: boolean;
  /** Whether depids of the size of MD5 and SHA-1 are taken in reports over HTTP. */
  readonly shortDepIds: boolean;
  readonly log: Log;
  /** Told of every request, if anybody wants to know. */
  readonly observer: Observer | undefined;
}

/** Puts a service together; what is not told is as in the reference. */
export function createService({ storage, ...told }: Partial<Service> & Pick<Service, "storage">): Service {
  const log = told.log ?? silent;
  return {
    counter: new RequestCounter(),
    accounts: new Accounts({ storage }),
    anonymous: DEFAULT_ANONYMOUS,
    readOnly: false,
    upstream: undefined,
    backfill: new Backfill(storage, log),
    now: () => Date.now() * 1000,
    cleanUnusedCompat: false,
    shortDepIds: false,
    log,
    observer: undefined,
    ...told,
    storage,
  };
}
