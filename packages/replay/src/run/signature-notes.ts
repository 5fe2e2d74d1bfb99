import { TwinWatch } from "@depid/runqueue";
import { ObjectNames } from "./object-names.ts";

/** What is remembered of signatures from build to build, so that only what changed in them is looked at. */
export class SignatureNotes {
  readonly names: ObjectNames = new ObjectNames();
  readonly twins: TwinWatch = new TwinWatch();
}
