import { TwinWatch } from "@depid/runqueue";
import { ObjectNames } from "./object-names.ts";
import type { ObjectNumbers } from "./object-numbers.ts";

/** What is remembered of signatures from build to build, so that only what changed in them is looked at. */
export class SignatureNotes {
  readonly names: ObjectNames;
  readonly twins: TwinWatch = new TwinWatch();

  constructor(numbers: ObjectNumbers) {
    this.names = new ObjectNames(numbers);
  }
}
