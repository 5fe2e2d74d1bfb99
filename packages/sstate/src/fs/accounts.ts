import { readFile } from "node:fs/promises";
import { outsideReason } from "@depid/hash";
import { OutputReadError } from "../errors.ts";

/** Where names of owners come from. Under pseudo these are the target's, in the recipe's sysroot. */
export interface AccountFiles {
  /** In the form of `/etc/passwd`. */
  readonly passwd: string;
  /** In the form of `/etc/group`. */
  readonly group: string;
}

export const HOST_ACCOUNTS: AccountFiles = { passwd: "/etc/passwd", group: "/etc/group" };

/** Id to name; of two lines with one id the first counts, as in the C library. */
export type AccountNames = ReadonlyMap<number, string>;

/** Reads `name:password:id:…` lines. A file that does not exist names nobody. @throws {OutputReadError} */
export async function readAccountNames(file: string): Promise<AccountNames> {
  const names = new Map<number, string>();
  for (const line of (await readIfThere(file)).split("\n")) {
    const [name, , id] = line.split(":");
    if (name !== undefined && id !== undefined && /^\d+$/.test(id) && !names.has(Number(id)))
      names.set(Number(id), name);
  }
  return names;
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new OutputReadError(file, `cannot be read: ${outsideReason(cause)}`, { cause });
  }
}
