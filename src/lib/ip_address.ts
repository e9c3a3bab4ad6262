/**
 * An IP address as a number of 128 bits. IPv4 stands in its mapped form (RFC 4291 §2.5.5.2), so that `127.0.0.1` and
 * `::ffff:127.0.0.1` are one address, as they are one host.
 */
export type IpAddress = bigint;

/** All addresses that begin with the first `bits` bits of `prefix`. */
export interface IpNetwork {
  readonly prefix: IpAddress;
  readonly bits: number;
}

const MAPPED = 0xffffn << 32n;
const V4_BITS = 32;
const V6_BITS = 128;

/** `192.0.2.1` or `2001:db8::1`, as URLs and resolvers write them; undefined for anything else, zone ids included. */
export function parseIp(text: string): IpAddress | undefined {
  return text.includes(":") ? parseV6(text) : parseV4(text);
}

/** `10.0.0.0/8`, `fd00::/8`, or one address; undefined for anything else. */
export function parseNetwork(text: string): IpNetwork | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const prefix = parseIp(address);
  if (prefix === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { prefix, bits: V6_BITS };
  const most = address.includes(":") ? V6_BITS : V4_BITS;
  if (!/^\d{1,3}$/.test(length) || Number(length) > most) return undefined;
  return { prefix, bits: V6_BITS - most + Number(length) };
}

export function contains({ prefix, bits }: IpNetwork, address: IpAddress): boolean {
  const rest = BigInt(V6_BITS - bits);
  return prefix >> rest === address >> rest;
}

function parseV4(text: string): IpAddress | undefined {
  const parts = text.split(".");
  // A leading zero means octal to some and nothing to others.
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return MAPPED | parts.reduce((sum, part) => sum << 8n | BigInt(part), 0n);
}

function parseV6(text: string): IpAddress | undefined {
  const [head = "", tail, ...rest] = text.split("::");
  if (rest.length > 0) return undefined;
  const front = parseGroups(head, tail === undefined);
  const back = tail === undefined ? [] : parseGroups(tail, true);
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...front, ...Array.from({ length: missing }, () => 0n), ...back].reduce(
    (sum, group) => sum << 16n | group,
    0n,
  );
}

/** Groups of 16 bits; the last of an address may be an IPv4 address, which is two. */
function parseGroups(text: string, isLast: boolean): bigint[] | undefined {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [at, part] of parts.entries()) {
    const v4 = isLast && at === parts.length - 1 ? parseV4(part) : undefined;
    if (v4 !== undefined) groups.push(v4 >> 16n & 0xffffn, v4 & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}
