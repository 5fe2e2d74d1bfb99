import { counted, NOTHING, type Rule, ruleAbout } from "../finding.ts";
import type { SettingsSeen } from "../settings.ts";

/** What the configuration names and does not show, and what builds of before left: verdicts hang on it. */
export const confRules: readonly Rule<SettingsSeen>[] = [
  ruleAbout(
    (seen) => seen.unparsedLines ?? NOTHING,
    ({ count }) => ({
      id: "unparsed-line",
      severity: "error",
      seen: `${counted(count, "line")} of the configuration that BitBake cannot parse`,
      why: "BitBake ends at once. The line has no part in what is said here.",
      wayOut: ['write NAME = "VALUE", from the beginning of the line on, with nothing behind the value'],
    }),
  ),
  ruleAbout(
    (seen) => seen.malformedAddresses ?? NOTHING,
    ({ count }) => ({
      id: "malformed-address",
      severity: "error",
      seen: `${counted(count, "address", "addresses")} of a hash equivalence server that BitBake cannot read`,
      why: "BitBake ends with an error as soon as it wants to ask the server. Nobody was asked.",
      wayOut: ["HOST:PORT, unix://PATH, ws://HOST:PORT or wss://HOST:PORT"],
    }),
  ),
  ruleAbout(
    (seen) => seen.missingFiles ?? NOTHING,
    ({ count }) => ({
      id: "missing-file",
      severity: "error",
      seen: `${counted(count, "file")} that the configuration requires and that is nowhere BitBake looks`,
      why: "BitBake ends at once; what the file sets is not in the settings above.",
      wayOut: ["bring the file back, or take the line out", "look at BBPATH and BBLAYERS in conf/bblayers.conf"],
    }),
  ),
  ruleAbout(
    (seen) => seen.openQuestions ?? NOTHING,
    ({ count }) => ({
      id: "open-question",
      severity: "warning",
      seen: `${counted(count, "open question")} on which settings depend, and with them all that is said here`,
      why: "The value may be another than the one used here, or none was known and nothing that hangs on it was looked at.",
      wayOut: ["bitbake-getvar --value NAME in the build directory, then depid doctor --set NAME=VALUE"],
    }),
  ),
  ruleAbout(
    (seen) => seen.unreadFiles ?? NOTHING,
    ({ count }) => ({
      id: "unread-file",
      severity: "warning",
      seen: `${counted(count, "file or folder", "files or folders")} of the configuration that ${count === 1 ? "was" : "were"} not read`,
      why: "It may set any of the settings above: what is said here may not hold.",
      wayOut: [
        "run depid doctor where the build runs, as the user who builds",
        "bitbake-getvar --value NAME for the settings above, then depid doctor --set NAME=VALUE",
      ],
    }),
  ),
  ruleAbout(
    (seen) => seen.oldOverrides ?? NOTHING,
    ({ count }) => ({
      id: "old-override-syntax",
      severity: "warning",
      seen: `${counted(count, "line")} with an operation as releases before 3.4 (honister) write it`,
      why: "Since then it is the name of another variable: BitBake warns, or ends with an error, and the setting stays as it is.",
      wayOut: ["write A:append for A_append, A:remove for A_remove", "OE-Core's scripts/contrib/convert-overrides.py"],
    }),
  ),
  ruleAbout(
    (seen) => seen.taints ?? NOTHING,
    ({ count }) => ({
      id: "left-taint",
      severity: "warning",
      seen: `${counted(count, "task")} tainted: bitbake -f or -C was run, and what it left is still there`,
      why:
        "The task and all above it get hashes of their own: no sstate object matches, here or in a mirror, and those that this build stores " +
        "are of use to no other.",
      wayOut: ["bitbake -c clean RECIPE, which removes it", "delete the .taint file, with the stamps of that task"],
    }),
  ),
  ruleAbout(
    (seen) => seen.locks ?? NOTHING,
    () => ({
      id: "locked-signatures",
      severity: "note",
      seen: "SIGGEN_LOCKEDSIGS_TYPES is set: the tasks that its groups list have the hash that is listed, whatever they are now",
      why: "What is locked is restored, and an edit of it is NOT built. A lock that does not fit holds back all that hashes the task, too.",
      wayOut: [
        "depid check-locks LOCKED-SIGS.INC BUILD, which tells the locks that do not fit, and what they hold back",
      ],
    }),
  ),
  ruleAbout(
    (seen) => seen.asideFiles ?? NOTHING,
    ({ count }) => ({
      id: "aside-file",
      severity: "note",
      seen: `${counted(count, "file")} beside the configuration that nothing includes`,
      why: "BitBake reads such a file only if it is told to when it starts; if it is, what the file sets is not in the settings above.",
      wayOut: ["look whether builds are started with --read or --postread, then depid doctor --set NAME=VALUE"],
    }),
  ),
  ruleAbout(
    (seen) => seen.optionalFiles ?? NOTHING,
    ({ count }) => ({
      id: "optional-file",
      severity: "note",
      seen: `${counted(count, "file")} that the configuration includes if ${count === 1 ? "it is" : "they are"} there, not found beside it`,
      why: "Without conf/bblayers.conf the layers are not known: if one of them has the file, it was not read here.",
      wayOut: ["run depid doctor in the build directory that has conf/bblayers.conf, on the machine that builds"],
    }),
  ),
];
