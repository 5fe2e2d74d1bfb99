export type { DatabaseFile, UnreadDatabase } from "./database.ts";
export { DatabaseError } from "./errors.ts";
export { examine, type Observations, type OtherConfiguration } from "./examine.ts";
export { counted, type Example, type Finding, type Severity, type Sighting } from "./finding.ts";
export type { Collection, Join, Tables } from "./join.ts";
export { isRemote, type Mirror, mirrorsOf } from "./mirrors.ts";
export { type DoctorReport, doctorDocument, formatDoctor, isSick } from "./report.ts";
export type { JoinSeen } from "./rules/join-rules.ts";
export { type TablesSeen, USUAL as USUAL_METHOD } from "./rules/table-rules.ts";
export type { ServerAnswers, ServerFault } from "./server.ts";
export { isEquivHandler, isPlainHandler, type Setting, type Settings, type SettingsSeen } from "./settings.ts";
export { classifySstatePath } from "./sstate-name.ts";
export {
  SSTATE_VERSION,
  type SstateFile,
  type SstateFileKind,
  type SstateName,
  type SstateSurvey,
  SstateSurveyor,
} from "./sstate-survey.ts";
export { Tally } from "./tally.ts";
