import { PolicyOptionsError } from "../errors.ts";
import { type YamlPath, YamlText } from "../yaml-text.ts";
import { type PolicyOptions, policyOptionsFileSchema, policyOptionsSchema } from "./policy-options.ts";

/**
 * Reads a file of policy options (YAML, `depid-policy-options/1`).
 *
 * @param source what the text came from, for messages
 * @throws {PolicyOptionsError} naming source, line, column and field
 */
export function parsePolicyOptions(text: string, source: string): PolicyOptions {
  return new YamlText(text, source, PolicyOptionsError).parse(policyOptionsFileSchema).policies;
}

/**
 * Reads the same where it is a part of another text.
 *
 * @param path of the part
 * @throws what the text throws
 */
export function parsePolicyOptionsPart(yaml: YamlText, path: YamlPath): PolicyOptions {
  return yaml.parse(policyOptionsSchema, path);
}
