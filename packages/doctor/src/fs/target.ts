import { existsSync } from "node:fs";
import { parseAddress } from "@depid/hashserv-protocol";
import type { BuildSettings } from "./build-settings.ts";

/** Where the map of taskhashes is: in a file or behind an address. */
export type Target =
  | { readonly database: string; readonly isGiven: boolean }
  | { readonly address: string; readonly isGiven: boolean }
  | undefined;

/** @param hashserv what the user named, which goes before what the settings of the build name */
export function chooseTarget(hashserv: string | undefined, build: BuildSettings | undefined): Target {
  if (hashserv !== undefined) {
    if (existsSync(hashserv) || !isAddress(hashserv)) return { database: hashserv, isGiven: true };
    return { address: hashserv, isGiven: true };
  }
  if (build?.asksServer === false) return undefined;
  if (build?.database !== undefined) return { database: build.database, isGiven: false };
  const address = build?.settings.hashserve.value;
  if (isMalformed(build, "BB_HASHSERVE")) return undefined;
  return address === undefined || address === "" || address === "auto" ? undefined : { address, isGiven: false };
}

/** Whether the address that a setting has is none; that is told as a finding. */
export function isMalformed(build: BuildSettings | undefined, name: string): boolean {
  return build?.open.malformedAddresses?.examples.some(({ setting }) => setting === name) === true;
}

/** `x.db` and `/y` are files, though a colon may be in them; whatever has a scheme or ends in a port is an address. */
function isAddress(text: string): boolean {
  if (!text.includes("://") && !/:\d+$/.test(text)) return false;
  parseAddress(text);
  return true;
}

/** The file, or the address. */
export function nameOf(target: NonNullable<Target>): string {
  return "database" in target ? target.database : target.address;
}
