import { counted, type Example, type Rule, ruleAbout, type Sighting } from "../finding.ts";
import { isRemote, type Mirror, type MirrorFault, mirrorsOf, wordsOfMirrors } from "../mirrors.ts";
import type { SettingsSeen } from "../settings.ts";

/** What is wrong with SSTATE_MIRRORS, and with what it names (docs/spec has no section on it: bb.fetch2 of BitBake was tried). */
export const mirrorRules: readonly Rule<SettingsSeen>[] = [
  (seen) => {
    const [words, broken] = [wordsOfMirrors(seen.settings.mirrors), withFault("malformed")(seen)];
    const isOdd = words.length % 2 !== 0;
    if (!isOdd && broken.count === 0) return undefined;
    const { from } = seen.settings.mirrors;
    return {
      id: "malformed-mirror",
      severity: broken.count > 0 ? "error" : "warning",
      seen: isOdd
        ? `SSTATE_MIRRORS (${from}) has ${words.length} words, which are no pairs: "${words.at(-1)}" has no partner`
        : `SSTATE_MIRRORS (${from}) has ${counted(broken.count, "entry", "entries")} whose pattern or address is no URL`,
      count: isOdd ? 1 : broken.count,
      examples: broken.examples,
      why:
        "Each entry is a pattern and an address. BitBake warns of an odd number of words, takes them in pairs from the first on and leaves the last one out; " +
        "of a word that is no URL it makes an error for each object that it looks for.",
      wayOut: ['SSTATE_MIRRORS = "file://.* http://HOST/sstate/PATH;downloadfilename=PATH"'],
    };
  },
  ruleAbout(withFault("fixed"), ({ count }, { settings: { mirrors } }) => ({
    id: "mirror-without-path",
    severity: "warning",
    seen: `SSTATE_MIRRORS (${mirrors.from}) has ${counted(count, "address", "addresses")} without PATH`,
    why: "BitBake puts the path of each object where the address says PATH; without, it asks for one and the same address whatever it looks for, and restores nothing from there.",
    wayOut: ["end the address in /PATH (http: /PATH;downloadfilename=PATH)"],
  })),
  ruleAbout(withFault("unused"), ({ count }, { settings: { mirrors } }) => ({
    id: "unused-mirror",
    severity: "warning",
    seen: `SSTATE_MIRRORS (${mirrors.from}) has ${counted(count, "entry", "entries")} whose pattern matches no object`,
    why: "Objects are asked for as file://…, whatever the mirror is reached by: the entry is passed over.",
    wayOut: ["begin the entry with file://.*"],
  })),
  ruleAbout(
    ({ missingMirrors }) => pathsOf(missingMirrors),
    (_, { settings: { mirrors } }) => ({
      id: "missing-mirror",
      severity: "warning",
      seen: `SSTATE_MIRRORS (${mirrors.from}) names folders that are not there`,
      why: "BitBake looks there for every object that is missing, and finds none.",
      wayOut: ["mount the folder", "take the entry out of SSTATE_MIRRORS"],
    }),
  ),
  ruleAbout(
    ({ emptyMirrors = [] }) => pathsOf(emptyMirrors),
    (_, { settings: { mirrors } }) => ({
      id: "empty-mirror",
      severity: "warning",
      seen: `SSTATE_MIRRORS (${mirrors.from}) names folders that hold no object`,
      why: "BitBake looks there for every object that is missing, and finds none: it is not mounted, was emptied, or is the wrong folder.",
      wayOut: ["mount what should be there", "name the folder above the folders of two digits"],
    }),
  ),
  ruleAbout(
    ({ settings: { mirrors }, networkOff }) =>
      sightingOf(
        networkOff === undefined ? [] : mirrorsOf(mirrors).filter((it) => isRemote(it) && it.fault === undefined),
      ),
    ({ count }, { settings: { mirrors }, networkOff }) => ({
      id: "mirror-without-network",
      severity: "warning",
      seen: `BB_NO_NETWORK is "${networkOff?.value}" (${networkOff?.from}), and SSTATE_MIRRORS (${mirrors.from}) has ${counted(count, "mirror")} in the network`,
      why: "BitBake does not ask them: what is not in SSTATE_DIR is built. A hash equivalence server is asked all the same.",
      wayOut: [
        'SSTATE_MIRROR_ALLOW_NETWORK = "1", which lets mirrors be asked',
        "a mirror as a folder: file:///PLACE/PATH",
      ],
    }),
  ),
];

function withFault(fault: MirrorFault): (seen: SettingsSeen) => Sighting {
  return ({ settings: { mirrors } }) => sightingOf(mirrorsOf(mirrors).filter((mirror) => mirror.fault === fault));
}

function sightingOf(mirrors: readonly Mirror[]): Sighting {
  return { count: mirrors.length, examples: mirrors.map(({ pattern, address }): Example => ({ pattern, address })) };
}

function pathsOf(paths: readonly string[]): Sighting {
  return { count: paths.length, examples: paths.map((path): Example => ({ path })) };
}
