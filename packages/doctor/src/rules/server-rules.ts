import type { Finding, Rule } from "../finding.ts";
import type { ServerAnswers, ServerFault } from "../server.ts";

/** What a server answered, or did not. */
export const serverRules: readonly Rule<ServerAnswers>[] = [
  (server) => {
    if (server.fault === undefined) return undefined;
    const { kind, reason } = server.fault;
    const isUpstream = server.role === "upstream";
    return one(
      isUpstream ? `upstream-${FAULTS[kind].id}` : `server-${FAULTS[kind].id}`,
      isUpstream ? "warning" : "error",
      {
        seen: `${isUpstream ? "the upstream" : "the server"} at ${server.address}: ${reason}`,
        why: isUpstream
          ? "BitBake gives a warning and builds without it: what others reported is not known here."
          : "BitBake gives a warning for each look-up and takes the taskhash as depid: nothing is equivalent, nothing is reported, and objects under other depids are not found.",
        wayOut: FAULTS[kind].wayOut,
      },
    );
  },
  ({ role, mayDelete, isLoggedIn, isNetwork, address }) =>
    role === "server" && mayDelete === true && !isLoggedIn && isNetwork
      ? one("anonymous-may-delete", "warning", {
          seen: `anyone who reaches ${address} may delete equivalences`,
          why: "One wrong remove or gc-sweep, by whomever, and all equivalences are gone. Servers allow that unless told otherwise.",
          wayOut: [
            "depid-hashserv --safe-defaults",
            "bitbake-hashserv --anon-perms @read,@report, with --admin-user and --admin-password for upkeep",
          ],
        })
      : undefined,
  ({ role, isReadOnly, address }) =>
    role === "server" && isReadOnly === true
      ? one("read-only-server", "note", {
          seen: `the server at ${address} is read-only`,
          why: "Builds use what others reported and add nothing: what is built here is equivalent to nothing for others.",
          wayOut: ["as it should be for developers; builders that fill the cache need the server that takes reports"],
        })
      : undefined,
];

const FAULTS: Readonly<Record<ServerFault, { readonly id: string; readonly wayOut: readonly string[] }>> = {
  unreachable: {
    id: "unreachable",
    wayOut: [
      "start the server; look at host and port in BB_HASHSERVE, and at firewalls",
      'BB_HASHSERVE = "auto" until it is back',
    ],
  },
  silent: {
    id: "silent",
    wayOut: [
      "look whether the server hangs or its disk is slow, and restart it",
      "look whether this port is the server's: other programs wait in silence too",
    ],
  },
  foreign: {
    id: "foreign",
    wayOut: [
      "look whether this port is the server's, and the address of the right kind (HOST:PORT, ws://, wss://, unix://)",
    ],
  },
  refused: {
    id: "refuses",
    wayOut: [
      "BB_HASHSERVE_USERNAME and BB_HASHSERVE_PASSWORD, or a line in ~/.netrc; here --login and --password",
      "a server that all may read: --anon-perms @read",
    ],
  },
};

function one(id: string, severity: Finding["severity"], text: Pick<Finding, "seen" | "why" | "wayOut">): Finding {
  return { id, severity, ...text, count: 1, examples: [] };
}
