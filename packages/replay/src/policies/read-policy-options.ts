import type { YamlPart } from "../yaml-part.ts";
import { YamlText } from "../yaml-part.ts";
import { type PolicyOptions, policyOptionsFileSchema, policyOptionsSchema } from "./policy-options.ts";

/**
 * Reads a file of policy options (YAML, `depid-policy-options/1`).
 *
 * @param source what the text came from, for messages
 * @throws {YamlError} naming source, line, column and field
 */
export function parsePolicyOptions(text: string, source: string): PolicyOptions {
  return new YamlText(text, source).whole.parse(policyOptionsFileSchema).policies;
}

/** The same of a part of another document: its key `policies`. @throws {YamlError} naming source, line, column and field */
export function readPolicyOptions(part: YamlPart): PolicyOptions {
  return part.parse(policyOptionsSchema);
}
