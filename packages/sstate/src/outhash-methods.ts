import { outHash2018 } from "./outhash-2018.ts";
import { outHashBasic } from "./outhash-basic.ts";
import type { OutHashMethod } from "./outhash-method.ts";

/** Every output hash method there is. A new one is a file beside these and a line here. */
export const outHashMethods: readonly OutHashMethod[] = [outHashBasic, outHash2018];

/** The method of this name (`SSTATE_HASHEQUIV_METHOD`), if we know it. */
export function findOutHashMethod(name: string): OutHashMethod | undefined {
  return outHashMethods.find((method) => method.name === name);
}
