/** Which packages of the workspace a package's sources may import: the arrows of docs/architecture.md. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = createArrows();

/** Of packages with rooms (folders of their sources), which others a room may import. A room that is not here may not be. */
export const ROOMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "command-line": { progress: [] },
  "task-graph": { read: [], fs: ["read"], testing: [] },
  siggen: { fs: [], testing: [] },
  sstate: { fs: [], testing: [] },
  durations: { read: [] },
  bitbake: { conf: [], documents: [], read: [], fs: ["conf", "read"], testing: [] },
  runqueue: { state: [], direct: ["state"], testing: ["state"] },
  replay: {
    measure: [],
    outcomes: [],
    truth: ["outcomes"],
    policies: ["truth"],
    topology: [],
    run: ["truth", "policies", "measure", "topology"],
    site: ["run", "topology", "truth", "policies"],
    verify: ["measure"],
    drafts: ["outcomes", "truth"],
    documents: ["measure", "outcomes", "policies", "topology"],
    report: ["documents", "measure", "outcomes", "policies", "topology", "verify"],
    predict: ["documents", "measure", "outcomes", "report"],
    answer: ["documents", "measure", "outcomes", "policies", "report"],
    retention: ["documents", "outcomes", "policies", "report", "run", "topology"],
    sweep: ["documents", "truth", "measure", "outcomes", "verify", "report"],
    testing: ["outcomes", "policies"],
  },
  scenario: { read: [], documents: ["read"], fs: ["read"] },
  "run-document": { documents: [], read: ["documents"] },
  compare: { documents: [], picture: [], testing: [] },
  doctor: { documents: [], rules: [], fs: ["rules"] },
  conformance: { documents: [], transcript: [] },
  "hashserv-protocol": { methods: [], fs: [] },
  hashserv: {
    rule: [],
    storage: ["rule"],
    "storage/cache": [],
    "storage/memory": ["storage", "rule"],
    "storage/sqlite": ["storage", "storage/cache", "rule"],
    "storage/write-behind": ["storage", "storage/sqlite", "rule"],
    "storage/postgres": ["storage", "rule"],
    upstream: ["storage"],
    equivalence: ["rule", "storage", "upstream"],
    session: ["equivalence", "storage", "upstream", "rule"],
    net: ["session"],
    testing: ["testing/contract", "storage", "storage/memory", "storage/sqlite", "rule"],
    "testing/contract": ["storage", "rule"],
    "testing/lives": ["equivalence", "storage", "storage/sqlite", "storage/write-behind", "rule"],
  },
  simulator: {
    documents: ["outcomes"],
    outcomes: [],
    verify: [],
    explore: [],
    jobs: [],
    execute: ["documents", "outcomes"],
    replay: ["execute", "jobs", "outcomes"],
    predict: [],
    retention: ["jobs", "replay", "outcomes"],
    sweep: ["jobs", "replay", "outcomes"],
    "sweep/queue": ["sweep", "jobs", "replay"],
    "import/git": [],
    import: ["documents", "import/git"],
    testing: [],
  },
  explorer: {
    state: [],
    model: ["state"],
    boot: [],
    page: [],
    views: ["boot", "model", "state"],
    fs: ["page"],
  },
  "hashserv-app": { documents: [], client: ["documents"], testing: [] },
};

/** Packages that run in Node alone; all others run in a browser too, but for what `isForNode` names. */
export const NODE_PACKAGES: readonly string[] = [
  "command-line",
  "hashserv",
  "hashserv-client",
  "conformance",
  "simulator",
  "hashserv-app",
];

/** Dependencies that no source names, with what needs them. */
export const UNNAMED_DEPENDENCIES: Readonly<Record<string, string>> = {
  "graphology-types": "graphology's own declarations",
};

/** Errors that are not of the one base, `DepidError`, with the reason. */
export const PLAIN_ERRORS: Readonly<Record<string, string>> = {
  DepidError: "the base",
  StepError: "a bug of who drives the run queue, never of the input",
};

/** Whether a file is test support: behind the export `./testing`, for tests and plug-ins' tests alone, and not in the main build. */
export function isTestSupport(file: string): boolean {
  return file.startsWith("src/testing/");
}

/** Files of a browser-safe package that may reach for Node: those behind its `./fs`. */
export function isForNode(file: string): boolean {
  return file.startsWith("src/fs/");
}

function createArrows() {
  const model = ["hash", "task-graph", "siggen", "sstate"];
  const run = [...model, "durations", "runqueue", "replay"];
  const server = ["hashserv-protocol", "hashserv-client", "hashserv"];
  return {
    hash: [],
    "command-line": ["hash"],
    "task-graph": ["hash"],
    siggen: ["hash", "task-graph"],
    sstate: ["hash", "task-graph"],
    durations: ["hash", "task-graph"],
    bitbake: model,
    compare: ["hash", "task-graph", "siggen", "durations"],
    doctor: ["hash", "sstate", "bitbake", "hashserv-protocol", "hashserv-client"],
    runqueue: model,
    replay: [...model, "runqueue", "durations"],
    scenario: [...model, "durations", "replay"],
    "run-document": ["hash", "task-graph", "siggen", "replay"],
    explorer: [...run, "compare", "run-document"],
    "hashserv-protocol": ["hash"],
    "hashserv-client": ["hash", "hashserv-protocol"],
    hashserv: ["hash", "hashserv-protocol", "hashserv-client"],
    conformance: [...model, "runqueue", "hashserv-protocol", "hashserv"],
    simulator: [
      ...run,
      "scenario",
      "run-document",
      "explorer",
      "command-line",
      "bitbake",
      "compare",
      "doctor",
      ...server,
    ],
    "hashserv-app": ["hash", "command-line", ...server],
  };
}
