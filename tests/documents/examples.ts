import { CLASS_ODDS } from "./class-odds.ts";
import { DIFF, EXPLAIN, MISMATCHES } from "./compare.ts";
import { CONFORMANCE } from "./conformance.ts";
import { DOCTOR } from "./doctor.ts";
import type { Example } from "./example.ts";
import { HASHCLIENT } from "./hashclient.ts";
import { CAPTURE, GIT, SIGDATA, TABLES } from "./imports.ts";
import { IRREPRODUCIBLE } from "./irreproducible.ts";
import { LABEL } from "./label.ts";
import { LOCKS } from "./locks.ts";
import { OUTHASH } from "./outhash.ts";
import { POLICY_OPTIONS } from "./policy-options.ts";
import { ANSWERS, PREDICTIONS, REPLAY, VERIFY } from "./replay.ts";
import { RUNS } from "./run.ts";
import { SCENARIOS } from "./scenario.ts";
import { PARTS, SWEEPS } from "./sweep.ts";
import { RETENTION, TOPOLOGIES } from "./topology.ts";

/** Commands that print documents, by the schema; between them they show all that it has. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  "depid-replay-1": REPLAY,
  "depid-run-1": RUNS,
  "depid-answer-1": ANSWERS,
  "depid-prediction-1": PREDICTIONS,
  "depid-verify-1": VERIFY,
  "depid-sweep-1": SWEEPS,
  "depid-sweep-part-1": PARTS,
  "depid-topology-1": TOPOLOGIES,
  "depid-irreproducible-1": IRREPRODUCIBLE,
  "depid-class-odds-1": CLASS_ODDS,
  "depid-retention-1": RETENTION,
  "depid-diff-1": DIFF,
  "depid-explain-1": EXPLAIN,
  "depid-mismatch-1": MISMATCHES,
  "depid-outhash-1": OUTHASH,
  "depid-label-draft-1": LABEL,
  "depid-import-sigdata": SIGDATA,
  "depid-import-capture": CAPTURE,
  "depid-import-git": GIT,
  "depid-import-table": TABLES,
  "depid-locks-1": LOCKS,
  "depid-doctor-1": DOCTOR,
  "depid-policy-options-1": POLICY_OPTIONS,
  "depid-conformance-1": CONFORMANCE,
  "depid-hashclient": HASHCLIENT,
  "depid-scenario-1": SCENARIOS,
};

/** By schema: definitions that it shares with another, whose examples show them. */
export const SHOWN_BY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "depid-verify-1": { account: "depid-replay-1" },
  "depid-mismatch-1": { "explained-change": "depid-explain-1", exclude: "depid-explain-1", way: "depid-explain-1" },
};
