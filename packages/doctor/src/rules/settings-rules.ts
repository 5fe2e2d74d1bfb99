import { outHashBasic } from "@depid/sstate";
import { counted, type Finding, NOTHING, type Rule, ruleAbout } from "../finding.ts";
import type { SettingsSeen } from "../settings.ts";
import { countMirrors, isEquivHandler, isLocalServer, isLoopback, isPlainHandler } from "../settings.ts";

/** What the settings of a build say that does not fit together. */
export const settingsRules: readonly Rule<SettingsSeen>[] = [
  ({ settings: { handler, hashserve } }) =>
    isEquivHandler(handler) && hashserve.value === ""
      ? one("handler-without-server", "error", {
          seen: `BB_SIGNATURE_HANDLER is ${handler.value} (${handler.from}), and BB_HASHSERVE is empty (${hashserve.from})`,
          why: "Signatures cannot be made without a server: BitBake ends at once.",
          wayOut: ['BB_HASHSERVE = "auto", or the address of a server', 'BB_SIGNATURE_HANDLER = "OEBasicHash"'],
        })
      : undefined,
  ({ inheritsSstate, settings: { handler, method } }) =>
    isEquivHandler(handler) && method.value === "" && inheritsSstate !== false
      ? one("handler-without-method", "error", {
          seen: `BB_SIGNATURE_HANDLER is ${handler.value} (${handler.from}), and SSTATE_HASHEQUIV_METHOD is empty (${method.from})`,
          why: "Outputs cannot be hashed without a method: BitBake ends at once.",
          wayOut: [`SSTATE_HASHEQUIV_METHOD = "${outHashBasic.name}"`],
        })
      : undefined,
  ({ settings: { handler, hashserve, upstream } }) => {
    const asked = [hashserve, upstream].find(
      ({ value, from, isDefault }) => value !== "" && from !== "default" && isDefault !== true,
    );
    return isPlainHandler(handler) && asked !== undefined
      ? one("server-not-asked", "warning", {
          seen: `BB_SIGNATURE_HANDLER is ${handler.value} (${handler.from}), and a server is named (${asked.from})`,
          why: "This generator never asks a server: every depid is the taskhash, and nothing is reported.",
          wayOut: [
            'BB_SIGNATURE_HANDLER = "OEEquivHash"',
            "take BB_HASHSERVE and BB_HASHSERVE_UPSTREAM out of the settings",
          ],
        })
      : undefined;
  },
  ({ settings: { handler, hashserve, databaseFolder, sstateDir }, isSstateShared, buildDir }) =>
    isEquivHandler(handler) && hashserve.value === "auto" && databaseFolder.value === "" && isSstateShared
      ? one("private-map", "warning", {
          seen: `BB_HASHSERVE is "auto" (${hashserve.from}), and SSTATE_DIR is ${sstateDir.value} (${sstateDir.from}), outside of ${buildDir}`,
          why:
            "The map of taskhashes to depids belongs to this build directory alone, the objects to all that share them. Other " +
            "builds do not know which depids these objects go by, and rebuild what is equivalent; with this build directory the map is lost.",
          wayOut: [
            'BB_HASHSERVE = "HOST:PORT" of one server for all that share the objects (docs/operating-hashserv.md)',
            'BB_HASHSERVE_UPSTREAM = "HOST:PORT", if the others report there',
            "on one machine: BB_HASHSERVE_DB_DIR = a folder on a local disk that the builds share",
          ],
        })
      : undefined,
  (seen) => {
    const { handler, hashserve, upstream, mirrors, databaseFolder } = seen.settings;
    const isOwnMachine = isLocalServer(hashserve) || isLoopback(hashserve);
    if (!isEquivHandler(handler) || !isOwnMachine || upstream.value !== "" || countMirrors(seen) === 0)
      return undefined;
    const areFolders = !/\s[a-z0-9+]+:\/\//i.test((mirrors.value ?? "").replaceAll(/\sfile:\/\//g, " "));
    if (areFolders && databaseFolder.value !== "") return undefined;
    return one("mirror-without-map", isLocalServer(hashserve) ? "warning" : "note", {
      seen: `SSTATE_MIRRORS is set (${mirrors.from}), BB_HASHSERVE is "${hashserve.value}" (${hashserve.from}), and no BB_HASHSERVE_UPSTREAM`,
      why:
        "Objects of the mirror go by depids that a server of this machine does not know, unless it has an upstream of its own: builds ask the mirror for " +
        "other names and find next to nothing. OE-Core's sanity check warns of it, too.",
      wayOut: [
        'BB_HASHSERVE_UPSTREAM = the server that the mirror\'s builds report to, with BB_HASHSERVE = "auto"',
        "BB_HASHSERVE = that server",
        'BB_SIGNATURE_HANDLER = "OEBasicHash", if the mirror was filled with it',
      ],
    });
  },
  ({ settings: { handler, hashserve, upstream } }) =>
    isEquivHandler(handler) && upstream.value && hashserve.value && hashserve.value !== "auto"
      ? one("upstream-not-read", "note", {
          seen: `BB_HASHSERVE_UPSTREAM is ${upstream.value} (${upstream.from}), and BB_HASHSERVE is "${hashserve.value}" (${hashserve.from})`,
          why: 'BitBake hands the upstream to the server that it starts itself for "auto", and to no other: it is not asked.',
          wayOut: ['BB_HASHSERVE = "auto"', "give the upstream to the server: depid-hashserv --upstream"],
        })
      : undefined,
  ({ settings: { sstateDir }, isSstateEmpty, wasBuilt }) =>
    isSstateEmpty === true && wasBuilt === true
      ? one("no-objects", "warning", {
          seen: `SSTATE_DIR is ${sstateDir.value} (${sstateDir.from}), which holds no object, and stamps say that tasks were built here`,
          why: "What was built is not there: it was removed, or stored elsewhere. No object was looked at, and builds find none.",
          wayOut: ["look at bitbake-getvar --value SSTATE_DIR, and mount what should be there"],
        })
      : undefined,
  ({ settings: { sstateDir }, sstateExists, isSstateShared, wasBuilt }) =>
    sstateDir.value !== undefined && !sstateExists
      ? one("no-sstate-directory", isSstateShared || wasBuilt === true ? "warning" : "note", {
          seen: `SSTATE_DIR is ${sstateDir.value} (${sstateDir.from}), which is not there`,
          why: isSstateShared
            ? "What builds share is not mounted, or SSTATE_DIR names the wrong place: no object was looked at, and builds find none."
            : "Nothing was stored yet, or SSTATE_DIR names the wrong place: no object was looked at.",
          wayOut: ["mount it, or look at bitbake-getvar --value SSTATE_DIR"],
        })
      : undefined,
  ({ inheritsSstate, settings: { sstateDir } }) =>
    inheritsSstate === false
      ? one("sstate-not-inherited", "error", {
          seen: `INHERIT has no sstate, and SSTATE_DIR is ${sstateDir.value} (${sstateDir.from})`,
          why: "The class stores and restores objects, and sets SSTATE_HASHEQUIV_METHOD: with OEEquivHash BitBake ends at once, otherwise nothing is stored or restored.",
          wayOut: ["take sstate out of INHERIT:remove, or put it back into INHERIT_DISTRO"],
        })
      : undefined,
  ruleAbout(
    (seen) => seen.multiconfigOnly ?? NOTHING,
    ({ count }) => ({
      id: "multiconfig-not-read",
      severity: "warning",
      seen: `${counted(count, "setting")} of a multiconfig that BitBake takes from the build's own configuration`,
      why: "There is one signature generator and one server for all configurations of a build: what a multiconfig says of them is not read.",
      wayOut: ["set it in conf/local.conf for all, or build that configuration in a build directory of its own"],
    }),
  ),
  ({ otherServer, settings: { hashserve } }) =>
    otherServer !== undefined
      ? one("other-server", "note", {
          seen: `BB_HASHSERVE is "${hashserve.value}" (${hashserve.from}), and ${otherServer} was looked at`,
          why: "The build's own answers may be others than those told here.",
          wayOut: ["leave --hashserv out, or name the build's own server"],
        })
      : undefined,
];

function one(id: string, severity: Finding["severity"], text: Pick<Finding, "seen" | "why" | "wayOut">): Finding {
  return { id, severity, ...text, count: 1, examples: [] };
}
