/** Groups of an IPv6 address that one network has in common; a client may have all addresses of one. */
const NETWORK_GROUPS = 4;

/**
 * What tells one client's address from another's: an IPv4 address, also when it is written as one of IPv6, or the /64 network
 * of an IPv6 address.
 *
 * @param remote as Node has it; undefined on a unix socket
 * @returns "" on a unix socket
 */
export function clientAddress(remote: string | undefined): string {
  if (remote === undefined || !remote.includes(":")) return remote ?? "";
  const embedded = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remote)?.[1];
  if (embedded !== undefined) return embedded;
  const [head = "", tail] = (remote.split("%")[0] ?? "").split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === undefined || tail === "" ? [] : tail.split(":");
  if (tail !== undefined) while (groups.length + behind.length < 8) groups.push("0");
  return `${[...groups, ...behind].slice(0, NETWORK_GROUPS).join(":")}::/64`;
}
