import { outsideReason } from "@depid/hash";
import { parseAddress } from "@depid/hashserv-protocol";

/** What is wrong with the address of a server; `undefined`: nothing. */
export function faultOfAddress(text: string): string | undefined {
  try {
    parseAddress(text);
    return undefined;
  } catch (error) {
    return outsideReason(error).replace(/^address: /, "");
  }
}
