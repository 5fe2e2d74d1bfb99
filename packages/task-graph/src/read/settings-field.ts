import { z } from "zod";
import type { BuildSettings } from "../build-settings.ts";

/** Settings in a file (docs/formats.md). */
export const settingsField = z
  .strictObject({ excluded_sysroots: z.array(z.string().min(1)), outhash_extra: z.enum(["oe-core", "none"]) })
  .transform((row): BuildSettings => ({ excludedSysroots: row.excluded_sysroots, outhashExtra: row.outhash_extra }));
