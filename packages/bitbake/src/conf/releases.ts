/** The releases by the names that LAYERSERIES_CORENAMES has, the oldest first. */
const RELEASES = [
  "krogoth",
  "morty",
  "pyro",
  "rocko",
  "sumo",
  "thud",
  "warrior",
  "zeus",
  "dunfell",
  "gatesgarth",
  "hardknott",
  "honister",
  "kirkstone",
  "langdale",
  "mickledore",
  "nanbield",
  "scarthgap",
  "styhead",
  "walnascar",
  "whinlatter",
];

/** What came with a release, by the first that has it. */
const FIRST = {
  /** Objects lie in two folders of two digits (3.1, OE-Core d05bde16bd); before that in one. */
  "two folders": "dunfell",
  /** Overrides and operations are set off by a colon (3.4); before that by an underscore. */
  colons: "honister",
  /** BitBake reads BB_HASHSERVE_UPSTREAM (3.4). */
  upstream: "honister",
  /** The configuration of no multiconfig has no name (5.2); before that it is called "default". */
  "nameless default": "walnascar",
} as const;

export type ReleaseFact = keyof typeof FIRST | "database folder";

/** The names of a release in LAYERSERIES_CORENAMES; several where a layer's core is between two. */
export function releaseNames(release: string | undefined): readonly string[] {
  return (release ?? "").split(/\s+/).filter((name) => name !== "");
}

/**
 * Whether a release is known to be of before something came: `all` of its names are, or `some`. Names that are not known are those of later releases.
 * `database folder`: BitBake reads BB_HASHSERVE_DB_DIR since 2026, after all that are known here.
 */
export function isBefore(fact: ReleaseFact, release: string | undefined, which: "all" | "some" = "all"): boolean {
  const first = fact === "database folder" ? RELEASES.length : RELEASES.indexOf(FIRST[fact]);
  const names = releaseNames(release);
  const isOld = (name: string) => RELEASES.indexOf(name) >= 0 && RELEASES.indexOf(name) < first;
  return which === "all" ? names.length > 0 && names.every(isOld) : names.some(isOld);
}
