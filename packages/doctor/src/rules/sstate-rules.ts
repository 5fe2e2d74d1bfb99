import { counted, type Rule, ruleAbout } from "../finding.ts";
import type { SstateSurvey } from "../sstate-survey.ts";

/** What files of an sstate directory show by themselves. */
export const sstateRules: readonly Rule<SstateSurvey>[] = [
  ({ objects, siginfos, oldNames }) =>
    objects === 0 && siginfos > 0 && oldNames.count === 0
      ? {
          id: "no-objects",
          severity: "warning",
          seen: `no object, and ${counted(siginfos, "siginfo file")}`,
          count: 1,
          examples: [],
          why: "Signatures of tasks that ran are there, and nothing that could be restored: the objects were removed, or are stored elsewhere.",
          wayOut: ["bring the objects back", "look at bitbake-getvar --value SSTATE_DIR, and for a full disk"],
        }
      : undefined,
  ruleAbout(
    (survey) => survey.empty,
    ({ count }) => ({
      id: "empty-object",
      severity: "error",
      seen: `${counted(count, "object")} without content`,
      why: "BitBake takes the object for good and fails to unpack it; then it builds the task, and never replaces the object.",
      wayOut: ["find SSTATE_DIR -name '*.tar.zst' -size 0 -delete", "look for a full disk or a writer that was killed"],
    }),
  ),
  ruleAbout(
    (survey) => survey.unreadable,
    ({ count }) => ({
      id: "unreadable-file",
      severity: "error",
      seen: `${counted(count, "object or signature file", "objects or signature files")} that we may not read`,
      why: "BitBake sees that the object is there and fails to unpack it.",
      wayOut: ["chmod -R a+rX SSTATE_DIR, as its owner", 'OE_SHARED_UMASK = "002", and one group for all who build'],
    }),
  ),
  ruleAbout(
    (survey) => survey.unreadableFolders,
    ({ count }) => ({
      id: "unreadable-folder",
      severity: "error",
      seen: `${counted(count, "folder")} that we may not look into`,
      why: "BitBake finds no object there, and cannot store one. What is in there is not in the counts below.",
      wayOut: ["chmod -R a+rX SSTATE_DIR, as its owner", 'OE_SHARED_UMASK = "002", and one group for all who build'],
    }),
  ),
  ruleAbout(
    (survey) => survey.brokenLinks,
    ({ count }) => ({
      id: "broken-link",
      severity: "warning",
      seen: `${counted(count, "link")} to files that are gone`,
      why: "The object was taken from a mirror on this machine as a link, and is gone from the mirror, or the mirror is not mounted.",
      wayOut: ["mount the mirror again", "find SSTATE_DIR -xtype l -delete"],
    }),
  ),
  ruleAbout(
    (survey) => survey.misplaced,
    ({ count }) => ({
      id: "misplaced-object",
      severity: "warning",
      seen: `${counted(count, "object")} outside of the folders that the depid names`,
      why: "BitBake looks for an object in <first two digits>/<next two> of its depid and nowhere else; releases before 3.1 (dunfell), in <first two digits> alone.",
      wayOut: ["move the objects with rsync, keeping the folders", "delete them"],
    }),
  ),
  ruleAbout(
    (survey) => survey.leftDrafts,
    ({ count }) => ({
      id: "left-draft",
      severity: "warning",
      seen: `${counted(count, "file")} of tasks that were killed while they stored their output, a day ago or more`,
      why: "Nobody reads or removes them; they only take room.",
      wayOut: ["delete them while no build runs: --all --json names them all"],
    }),
  ),
  ruleAbout(
    (survey) => survey.damagedSiginfos,
    ({ count }) => ({
      id: "damaged-siginfo",
      severity: "warning",
      seen: `${counted(count, "siginfo file")} of those read make no sense`,
      why: "The object can be restored, but nobody can tell what it was made from; the disk, or what copies the directory, may be at fault.",
      wayOut: ["delete the file: it is written anew when its task is next built", "look for a full disk"],
    }),
  ),
  ruleAbout(
    (survey) => survey.oldVersions,
    ({ count }, { version }) => ({
      id: "old-version",
      severity: "note",
      seen: `${counted(count, "object")} of another SSTATE_VERSION than ${version}`,
      why: "Builds with that version never look for them; those of other releases may.",
      wayOut: ["sstate-cache-management.py of OE-Core removes what no build uses"],
    }),
  ),
  ruleAbout(
    (survey) => survey.oldNames,
    ({ count }, { objects }) => ({
      id: "old-name",
      severity: objects === 0 ? "warning" : "note",
      seen: `${counted(count, "object")} whose ${count === 1 ? "name has" : "names have"} a hash of 32 digits, as releases before 3.0 (zeus) made them${objects === 0 ? ", and none of today's" : ""}`,
      why: "Releases since then, with hashes of 64 digits, never look for them. They were counted, and nothing else about them was looked at.",
      wayOut: ["if no such release builds any more, delete them", "give each release an SSTATE_DIR of its own"],
    }),
  ),
];

/** What was named holds nothing that BitBake, or a hash equivalence server, wrote. */
export const nothingRule: Rule<{ readonly path: string; readonly files: number }> = ({ path, files }) => ({
  id: "no-objects",
  severity: "warning",
  seen: `${path} holds no sstate object and no siginfo${files === 0 ? ": it is empty" : `, but ${counted(files, "other file")}`}`,
  count: 1,
  examples: [],
  why: "Nothing was looked at: this is no sstate directory, or one that nothing was stored in, or that is not mounted.",
  wayOut: [
    "name SSTATE_DIR (bitbake-getvar --value SSTATE_DIR), or a build directory, which has conf/local.conf",
    "mount what should be there",
  ],
});
