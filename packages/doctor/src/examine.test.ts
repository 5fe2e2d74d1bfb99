import { describe, expect, it } from "vitest";
import {
  type DatabaseFile,
  examine,
  type JoinSeen,
  type Observations,
  type ServerAnswers,
  type Setting,
  type Settings,
  type SettingsSeen,
  type SstateSurvey,
  type TablesSeen,
  USUAL_METHOD,
} from "./index.ts";

const nothing = { count: 0, examples: [] };
const some = { count: 3, examples: [{ recipe: "a", task: "deploy" }] };
const set = (value: string | undefined, from = "conf/local.conf:1"): Setting => ({ value, from });

const settings: Settings = {
  handler: set("OEEquivHash", "default"),
  hashserve: set("auto", "default"),
  upstream: set("", "default"),
  method: set(USUAL_METHOD, "default"),
  databaseFolder: set("", "default"),
  sstateDir: set("/build/sstate-cache", "default"),
  mirrors: set("", "default"),
};
const build: SettingsSeen = {
  settings,
  buildDir: "/build",
  isSstateShared: false,
  sstateExists: true,
  missingMirrors: [],
};
const sstate: SstateSurvey = {
  objects: 10,
  siginfos: 20,
  bytes: 1000,
  empty: nothing,
  unreadable: nothing,
  unreadableFolders: nothing,
  brokenLinks: nothing,
  leftDrafts: nothing,
  oldVersions: nothing,
  misplaced: nothing,
  singleLevel: nothing,
  version: 14,
  oldNames: nothing,
  damagedSiginfos: nothing,
};
const database: DatabaseFile = { path: "/build/cache/hashserv.db", isWal: true, leftLog: 0, isOld: false, damage: [] };
const tables: TablesSeen = {
  equivalences: 10,
  outhashes: 10,
  depids: 10,
  methods: new Map([[USUAL_METHOD, 10]]),
  notReproducible: nothing,
  mixed: nothing,
  unreported: nothing,
  unused: nothing,
  invalidDepids: nothing,
  hashVersions: new Map([["18", 10]]),
  method: USUAL_METHOD,
  unusedDays: 30,
};
const join: JoinSeen = {
  objectsWithoutSiginfo: nothing,
  siginfosWithoutObject: nothing,
  unmapped: nothing,
  unreachable: nothing,
  mappedElsewhere: nothing,
  withoutObject: nothing,
  twins: nothing,
  hasMirrors: false,
};
const server: ServerAnswers = {
  role: "server",
  address: "hash.example:8686",
  isNetwork: true,
  isLoggedIn: false,
  mayDelete: false,
  isReadOnly: false,
  pingMs: 1,
  requests: 7,
};
const healthy: Observations = { settings: build, sstate, database, tables, join, servers: [server] };

/** The same with other settings. */
const withSettings = (some: Partial<Settings>, more: Partial<SettingsSeen> = {}): Partial<Observations> => ({
  settings: { ...build, ...more, settings: { ...settings, ...some } },
});
const withServer = (some: Partial<ServerAnswers>): Partial<Observations> => ({ servers: [{ ...server, ...some }] });
const withFault = (kind: "unreachable" | "silent" | "foreign" | "refused", role: "server" | "upstream" = "server") =>
  withServer({ role, fault: { kind, reason: "no" } });

const cases: readonly (readonly [string, Partial<Observations>, readonly string[]])[] = [
  ["all as it should be", {}, []],
  ["nothing to look at", { servers: [] }, []],
  ["OEEquivHash without a server", withSettings({ hashserve: set("") }), ["error handler-without-server"]],
  ["OEEquivHash without a method", withSettings({ method: set("") }), ["error handler-without-method"]],
  [
    "OEBasicHash with a server",
    withSettings({ handler: set("OEBasicHash"), hashserve: set("hash.example:8686") }),
    ["warning server-not-asked"],
  ],
  [
    "OEBasicHash with an upstream",
    withSettings({ handler: set("OEBasicHash"), upstream: set("hash.example:8686") }),
    ["warning server-not-asked"],
  ],
  ["OEBasicHash with the server of the default", withSettings({ handler: set("OEBasicHash") }), []],
  ["OEBasicHash without a server", withSettings({ handler: set("OEBasicHash"), hashserve: set("") }), []],
  ["a handler that is not known", withSettings({ handler: set(undefined), hashserve: set("x:1") }), []],
  [
    "a map of one's own, objects that are shared",
    withSettings({ sstateDir: set("/shared") }, { isSstateShared: true }),
    ["warning private-map"],
  ],
  [
    "a map and objects that are shared on one machine",
    withSettings({ databaseFolder: set("/shared/db") }, { isSstateShared: true }),
    [],
  ],
  [
    "a server and objects that are shared",
    withSettings({ hashserve: set("hash.example:8686") }, { isSstateShared: true }),
    [],
  ],
  [
    "mirrors behind a server of this build",
    withSettings({ mirrors: set("file://.* http://x/PATH") }),
    ["warning mirror-without-map"],
  ],
  [
    "mirrors behind a server on a socket",
    withSettings({ mirrors: set("file://.* http://x/PATH"), hashserve: set("unix:///run/hashserve.sock") }),
    ["warning mirror-without-map"],
  ],
  [
    "mirrors behind a server of this machine",
    withSettings({ mirrors: set("file://.* http://x/PATH"), hashserve: set("localhost:8686") }),
    ["note mirror-without-map"],
  ],
  [
    "mirrors behind a server with an upstream",
    withSettings({ mirrors: set("file://.* http://x/PATH"), upstream: set("wss://x/ws") }),
    [],
  ],
  [
    "mirrors behind a server of others",
    withSettings({ mirrors: set("file://.* http://x/PATH"), hashserve: set("hash.example:8686") }),
    [],
  ],
  [
    "mirrors and a generator that asks nobody",
    withSettings({ mirrors: set("file://.* http://x/PATH"), handler: set("OEBasicHash") }),
    [],
  ],
  [
    "a mirror that is a folder, with the map beside it",
    withSettings({ mirrors: set("file://.* file:///mnt/PATH"), databaseFolder: set("/mnt") }),
    [],
  ],
  [
    "an upstream that BitBake does not hand on",
    withSettings({ upstream: set("wss://x/ws"), hashserve: set("hash.example:8686") }),
    ["note upstream-not-read"],
  ],
  ["open questions", withSettings({}, { openQuestions: some }), ["warning open-question"]],
  ["required files that are nowhere", withSettings({}, { missingFiles: some }), ["error missing-file"]],
  ["files that were not read", withSettings({}, { unreadFiles: some }), ["warning unread-file"]],
  ["files that nothing includes", withSettings({}, { asideFiles: some }), ["note aside-file"]],
  ["files that need not be there", withSettings({}, { optionalFiles: some }), ["note optional-file"]],
  ["operations of before 3.4", withSettings({}, { oldOverrides: some }), ["warning old-override-syntax"]],
  ["signatures that are locked", withSettings({}, { locks: some }), ["note locked-signatures"]],
  ["tasks that were forced", withSettings({}, { taints: some }), ["warning left-taint"]],
  [
    "what builds share is not there",
    withSettings({ databaseFolder: set("/x") }, { sstateExists: false, isSstateShared: true }),
    ["warning no-sstate-directory"],
  ],
  ["no sstate directory", withSettings({}, { sstateExists: false }), ["note no-sstate-directory"]],
  ["an sstate directory that is not known", withSettings({ sstateDir: set(undefined) }, { sstateExists: false }), []],
  ["mirrors that are not there", withSettings({}, { missingMirrors: ["/mnt/x"] }), ["warning missing-mirror"]],
  ["another server than the build's", withSettings({}, { otherServer: "x.db" }), ["note other-server"]],
  ["objects without content", { sstate: { ...sstate, empty: some } }, ["error empty-object"]],
  ["files that we may not read", { sstate: { ...sstate, unreadable: some } }, ["error unreadable-file"]],
  [
    "folders that we may not look into",
    { sstate: { ...sstate, unreadableFolders: some } },
    ["error unreadable-folder"],
  ],
  ["links to nowhere", { sstate: { ...sstate, brokenLinks: some } }, ["warning broken-link"]],
  ["objects in other folders", { sstate: { ...sstate, misplaced: some } }, ["warning misplaced-object"]],
  ["files in the making", { sstate: { ...sstate, leftDrafts: some } }, ["warning left-draft"]],
  ["objects of older versions", { sstate: { ...sstate, oldVersions: some } }, ["note old-version"]],
  ["names of 32 digits beside others", { sstate: { ...sstate, oldNames: some } }, ["note old-name"]],
  ["names of 32 digits alone", { sstate: { ...sstate, objects: 0, oldNames: some } }, ["warning old-name"]],
  ["a folder with nothing of ours", { nothing: { path: "/etc", files: 7 } }, ["warning no-objects"]],
  ["an empty folder", { nothing: { path: "/mnt", files: 0 } }, ["warning no-objects"]],
  ["siginfo that makes no sense", { sstate: { ...sstate, damagedSiginfos: some } }, ["warning damaged-siginfo"]],
  ["objects that the server does not know", { join: { ...join, unmapped: some } }, ["warning unmapped-object"]],
  ["objects that nothing leads to", { join: { ...join, unreachable: some } }, ["warning unreachable-object"]],
  [
    "objects that the server knows otherwise",
    { join: { ...join, mappedElsewhere: some } },
    ["warning mapped-elsewhere"],
  ],
  ["entries without objects", { join: { ...join, withoutObject: some } }, ["warning entry-without-object"]],
  [
    "entries without objects here, but maybe in a mirror",
    { join: { ...join, withoutObject: some, hasMirrors: true } },
    ["note entry-without-object"],
  ],
  [
    "siginfo whose object is gone",
    { join: { ...join, siginfosWithoutObject: some } },
    ["warning siginfo-without-object"],
  ],
  ["objects without siginfo", { join: { ...join, objectsWithoutSiginfo: some } }, ["note object-without-siginfo"]],
  ["one depid, several tasks", { join: { ...join, twins: some } }, ["error twins"]],
  ["taskhashes with several outhashes", { tables: { ...tables, notReproducible: some } }, ["warning not-reproducible"]],
  ["classes of several outputs", { tables: { ...tables, mixed: some } }, ["warning mixed-class"]],
  ["depids that are none", { tables: { ...tables, invalidDepids: some } }, ["error invalid-depid"]],
  ["depids without outputs", { tables: { ...tables, unreported: some } }, ["note unreported-depid"]],
  ["old outhashes without a depid", { tables: { ...tables, unused: some } }, ["note unused-outhash"]],
  [
    "a method that the build does not use",
    { tables: { ...tables, methods: new Map([...tables.methods, ["local.other", 2]]) } },
    ["warning foreign-method"],
  ],
  ["a method with the suffix of a task", { tables: { ...tables, methods: new Map([[`${USUAL_METHOD}-x`, 2]]) } }, []],
  [
    "the usual method, where the build uses another",
    { tables: { ...tables, method: "local.other" } },
    ["warning foreign-method"],
  ],
  [
    "two versions of outhashes",
    {
      tables: {
        ...tables,
        hashVersions: new Map([
          ["17", 1],
          ["18", 9],
        ]),
      },
    },
    ["note hash-version-mix"],
  ],
  [
    "a garbage collection that was not ended",
    { collection: { mark: "x", keep: 1, remove: 9 } },
    ["warning unfinished-collection"],
  ],
  ["a database on NFS", { database: { ...database, network: "NFS" } }, ["error network-file-system"]],
  ["a database without a write-ahead log", { database: { ...database, isWal: false } }, ["note no-write-ahead-log"]],
  ["a write-ahead log that nobody has open", { database: { ...database, leftLog: 9 } }, ["note left-log"]],
  ["tables of an older server", { database: { ...database, isOld: true } }, ["warning old-schema"]],
  ["a table that today's servers drop", { database: { ...database, droppedRows: 3 } }, ["warning dropped-table"]],
  ["such a table without rows", { database: { ...database, droppedRows: 0 } }, ["note dropped-table"]],
  ["a damaged database", { database: { ...database, damage: ["row 1 missing"] } }, ["error damaged-database"]],
  ["a server that is not there", withFault("unreachable"), ["error server-unreachable"]],
  ["a server that does not answer", withFault("silent"), ["error server-silent"]],
  ["something else at the port", withFault("foreign"), ["error server-foreign"]],
  ["a server that wants a login", withFault("refused"), ["error server-refuses"]],
  ["an upstream that is not there", withFault("unreachable", "upstream"), ["warning upstream-unreachable"]],
  ["a server where anyone may delete", withServer({ mayDelete: true }), ["warning anonymous-may-delete"]],
  ["a server where we may delete after a login", withServer({ mayDelete: true, isLoggedIn: true }), []],
  ["a server on a unix socket where we may delete", withServer({ mayDelete: true, isNetwork: false }), []],
  ["an upstream where anyone may delete", withServer({ mayDelete: true, role: "upstream" }), []],
  ["a server that takes no reports", withServer({ isReadOnly: true }), ["note read-only-server"]],
  ["an upstream that takes no reports", withServer({ isReadOnly: true, role: "upstream" }), []],
];

describe("findings", () => {
  it.each(cases)("%s", (_what, change, expected) => {
    const findings = examine({ ...healthy, ...change });
    expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual(expected);
    for (const { seen, why, wayOut, count } of findings) {
      expect(seen).not.toBe("");
      expect(why).toMatch(/\.$/);
      expect(wayOut.length).toBeGreaterThan(0);
      expect(count).toBeGreaterThan(0);
    }
  });
  it("carry the count and the examples of what was seen", () => {
    const [finding] = examine({ servers: [], join: { ...join, unmapped: some } });
    expect(finding).toMatchObject({
      count: 3,
      examples: some.examples,
      seen: "3 objects of depids that the server does not know",
    });
  });
  it("come with errors first, then warnings, then notes", () => {
    const found = examine({
      ...healthy,
      join: { ...join, objectsWithoutSiginfo: some, unmapped: some, twins: some },
      sstate: { ...sstate, empty: some },
    });
    expect(found.map(({ id }) => id)).toEqual(["twins", "empty-object", "unmapped-object", "object-without-siginfo"]);
  });
});
