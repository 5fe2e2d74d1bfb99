import { counted, NOTHING, type Rule, ruleAbout } from "../finding.ts";
import type { Join } from "../join.ts";

/** A join, and what it depends on whether that matters. */
export interface JoinSeen extends Join {
  /** Whether objects may lie in mirrors, which were not asked. */
  readonly hasMirrors: boolean;
}

/** What an sstate directory and a server show when they are held together. */
export const joinRules: readonly Rule<JoinSeen>[] = [
  ruleAbout(
    (join) => join.mappedElsewhere ?? NOTHING,
    ({ count }) => ({
      id: "mapped-elsewhere",
      severity: "warning",
      seen: `${counted(count, "object")} whose taskhash the server maps to another depid than the object is named by`,
      why:
        "A build with that taskhash asks for an object of the server's depid, not for this one. The object was stored by a build " +
        "that asked another server, or none, or before the server's database was replaced.",
      wayOut: [
        "give all builds that share the directory one server (BB_HASHSERVE)",
        "bring back the database that the objects were built with",
        "delete the objects: they are stored anew under the server's depid when they are next built",
      ],
    }),
  ),
  ruleAbout(
    (join) => join.unreachable ?? NOTHING,
    ({ count }) => ({
      id: "unreachable-object",
      severity: "warning",
      seen: `${counted(count, "object")} named by neither their taskhash nor a depid that the server knows`,
      why: "No build that asks this server looks for them: they only take room, and their tasks are rebuilt.",
      wayOut: [
        "bring back the database that they were built with, or make its server the upstream",
        "delete them: sstate-cache-management.py of OE-Core",
      ],
    }),
  ),
  ruleAbout(
    (join) => join.unmapped ?? NOTHING,
    ({ count }) => ({
      id: "unmapped-object",
      severity: "warning",
      seen: `${counted(count, "object")} of depids that the server does not know`,
      why:
        "Nothing is equivalent to them: they are found by the exact taskhash only, and only if that is their depid. They were stored by builds " +
        "that reported to another server, or none, or their equivalences were removed.",
      wayOut: [
        "name the server that the builds report to (BB_HASHSERVE, --hashserv)",
        "build once with OEEquivHash, the server and an empty SSTATE_DIR: executed tasks report, restored ones do not",
        "bring back the server's database from a backup",
      ],
    }),
  ),
  ruleAbout(
    (join) => join.withoutObject ?? NOTHING,
    ({ count }, { hasMirrors }) => ({
      id: "entry-without-object",
      severity: hasMirrors ? "note" : "warning",
      seen: `${counted(count, "depid")} of the server without an object${hasMirrors ? " here; mirrors were not asked" : ""}`,
      why: "Tasks that are equivalent are built all the same, as there is nothing to restore.",
      wayOut: [
        "bring the objects back, or name where they are in SSTATE_MIRRORS",
        "remove equivalences together with their objects: gc-mark-stream, gc-sweep (docs/operating-hashserv.md)",
      ],
    }),
  ),
  ruleAbout(
    (join) => join.siginfosWithoutObject,
    ({ count }) => ({
      id: "siginfo-without-object",
      severity: "warning",
      seen: `${counted(count, "siginfo file")} of setscene tasks whose object is gone`,
      why: "The task is rebuilt: only the object can be restored. Something removes objects and leaves what lies beside them.",
      wayOut: ["remove objects with sstate-cache-management.py, which takes the siginfo too", "look for a full disk"],
    }),
  ),
  ruleAbout(
    (join) => join.objectsWithoutSiginfo,
    ({ count }) => ({
      id: "object-without-siginfo",
      severity: "note",
      seen: `${counted(count, "object")} without siginfo`,
      why: "They can be restored, but nobody can tell what they were made from: bitbake-diffsigs, bitbake -S printdiff and depid diff have nothing to read.",
      wayOut: ["copy *.siginfo too when objects are copied"],
    }),
  ),
  ruleAbout(
    (join) => join.twins,
    ({ count }) => ({
      id: "twins",
      severity: "error",
      seen: `${counted(count, "depid")} that stand for several recipes or tasks`,
      why:
        "Neither the taskhash nor the server's key holds the recipe's name: tasks with equal metadata are one to the server, and a build can " +
        "take the output of the one for that of the other (docs/spec/signatures.md section 1).",
      wayOut: [
        'make the taskhashes differ: do_task[vardeps] += "PN" in the class that the recipes share',
        "then remove the depid from the server: depid-hashclient remove -w unihash DEPID",
      ],
    }),
  ),
];
