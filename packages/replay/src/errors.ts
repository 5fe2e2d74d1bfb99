import { DepidError, SourceError } from "@depid/hash";

/** Labels that cannot be read. The message names source, line and field. */
export class LabelsError extends SourceError {
  readonly code = "LABELS";
}

/** Options of policies that cannot be read. The message names source, line, column and field. */
export class PolicyOptionsError extends SourceError {
  readonly code = "POLICY_OPTIONS";
}

/** A topology that cannot be read. The message names source, line, column and field. */
export class TopologyError extends SourceError {
  readonly code = "TOPOLOGY";
}

/** Tasks that are not reproducible, in a file that cannot be read. The message names source, line, column and field. */
export class IrreproducibleError extends SourceError {
  readonly code = "IRREPRODUCIBLE";
}

/** A replay that was asked for what does not exist: a policy, a builder, a target. */
export class ReplayError extends DepidError {
  readonly code = "REPLAY";
}

/** A recording of outputs that cannot be used. The message names source and field. */
export class RecordingError extends DepidError {
  readonly code = "RECORDING";
  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(problem, { source, ...options });
  }
}

/** Parts that are not those of one sweep. */
export class MergeError extends DepidError {
  readonly code = "MERGE";
  /** @param file of the part that does not fit */
  constructor(file: string, field: string, problem: string, options?: ErrorOptions) {
    super(problem, { source: file, field, ...options });
  }
}
