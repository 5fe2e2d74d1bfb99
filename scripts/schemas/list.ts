import { locksDocumentSchema } from "@depid/bitbake/documents";
import { diffDocumentSchema, mismatchDocumentSchema } from "@depid/compare/documents";
import { conformanceDocumentSchema } from "@depid/conformance/documents";
import { doctorDocumentSchema } from "@depid/doctor/documents";
import {
  answerDocumentSchema,
  irreproducibleSchema,
  policyOptionsFileSchema,
  predictionDocumentSchema,
  retentionDocumentSchema,
  sweepDocumentSchema,
  sweepPartSchema,
  topologySchema,
  verifyDocumentSchema,
} from "@depid/replay/documents";
import { runDocumentSchema } from "@depid/run-document/documents";
import { scenarioFileSchema } from "@depid/scenario/documents";
import { z } from "zod";
import { clientDocumentSchema } from "../../apps/hashserv/src/documents/index.ts";
import {
  captureDocumentSchema,
  classOddsSchema,
  gitDocumentSchema,
  labelDocumentSchema,
  outhashDocumentSchema,
  scenarioExplainSchema,
  scenarioReplaySchema,
  sigdataDocumentSchema,
  tableDocumentSchema,
} from "../../apps/simulator/src/documents/index.ts";

/** JSON schemas of what commands print with `--json`, by the name of the published file: made of the schemas that type the documents. */
export const SCHEMAS: ReadonlyMap<string, object> = new Map([
  ["depid-replay-1", jsonSchemaOf(scenarioReplaySchema, "What depid replay --json prints")],
  ["depid-run-1", jsonSchemaOf(runDocumentSchema, "What depid replay --record writes")],
  ["depid-answer-1", jsonSchemaOf(answerDocumentSchema, "What depid advise --json prints")],
  ["depid-prediction-1", jsonSchemaOf(predictionDocumentSchema, "What depid predict --json prints")],
  ["depid-retention-1", jsonSchemaOf(retentionDocumentSchema, "What depid retention --json prints")],
  ["depid-verify-1", jsonSchemaOf(verifyDocumentSchema, "What depid verify --json prints")],
  ["depid-sweep-1", jsonSchemaOf(sweepDocumentSchema, "What depid sweep --json and depid merge --json print")],
  ["depid-sweep-part-1", jsonSchemaOf(sweepPartSchema, "What depid sweep --shard writes")],
  ["depid-topology-1", jsonSchemaOf(topologySchema, "What a topology is, for --topology (in YAML)")],
  [
    "depid-irreproducible-1",
    jsonSchemaOf(irreproducibleSchema, "Tasks that are not reproducible, for --irreproducible (in YAML)"),
  ],
  [
    "depid-class-odds-1",
    jsonSchemaOf(classOddsSchema, "What classes of changes do, for --outcomes classes:FILE (in YAML)"),
  ],
  ["depid-diff-1", jsonSchemaOf(diffDocumentSchema, "What depid diff --json prints")],
  ["depid-explain-1", jsonSchemaOf(scenarioExplainSchema, "What depid explain --json prints")],
  ["depid-outhash-1", jsonSchemaOf(outhashDocumentSchema, "What depid outhash --json prints")],
  ["depid-label-draft-1", jsonSchemaOf(labelDocumentSchema, "What depid label --json prints")],
  ["depid-import-sigdata", jsonSchemaOf(sigdataDocumentSchema, "What depid import sigdata --json prints")],
  ["depid-import-capture", jsonSchemaOf(captureDocumentSchema, "What depid import capture --json prints")],
  ["depid-import-git", jsonSchemaOf(gitDocumentSchema, "What depid import git --json prints")],
  ["depid-import-table", jsonSchemaOf(tableDocumentSchema, "What imports of tables print with --json")],
  ["depid-locks-1", jsonSchemaOf(locksDocumentSchema, "What depid check-locks --json prints")],
  ["depid-doctor-1", jsonSchemaOf(doctorDocumentSchema, "What depid doctor --json prints")],
  ["depid-conformance-1", jsonSchemaOf(conformanceDocumentSchema, "What npm run conformance -- --json prints")],
  ["depid-hashclient", jsonSchemaOf(clientDocumentSchema, "What depid-hashclient prints with --json")],
  [
    "depid-scenario-1",
    jsonSchemaOf(scenarioFileSchema, "A scenario (YAML): a name or file of depid replay and depid explain"),
  ],
  ["depid-policy-options-1", jsonSchemaOf(policyOptionsFileSchema, "What --policy-options reads, as JSON", "input")],
  ["depid-mismatch-1", jsonSchemaOf(mismatchDocumentSchema, "What depid explain --console --json prints")],
]);

/** As files have it. */
export function formatSchema(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** @param io whether it is of what is read or of what is written, where these differ */
function jsonSchemaOf(schema: z.ZodType, title: string, io: "input" | "output" = "output"): object {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    reused: "inline",
    io,
    override: ({ jsonSchema }) => {
      // That nobody changes a list is said to TypeScript, and nothing to a reader of JSON.
      delete jsonSchema.readOnly;
      const { prefixItems: places } = jsonSchema;
      if (places !== undefined)
        Object.assign(jsonSchema, { items: false, minItems: places.length, maxItems: places.length });
    },
  });
  return { $schema, title, description: "Its fields are explained in docs/formats.md of depid", ...rest };
}
