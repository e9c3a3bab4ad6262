import { contains, type IpAddress, type IpNetwork, parseNetwork } from "./ip_address.ts";

/*
 * What is not on the public internet, by the special-purpose registries of IANA (RFC 6890). In IPv6 only 2000::/3 is given
 * out at all, so loopback, link-local, unique local and multicast addresses need no rows there.
 */

const SPECIAL_V4 = networks(
  "0.0.0.0/8", // this host (RFC 1122)
  "10.0.0.0/8", // private (RFC 1918)
  "100.64.0.0/10", // carrier-grade NAT (RFC 6598); metadata of Alibaba Cloud
  "127.0.0.0/8", // loopback
  "168.63.129.16", // metadata of Azure
  "169.254.0.0/16", // link-local; metadata of most clouds
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocol assignments; metadata of Oracle Cloud
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // relays to 6to4
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
);
const V4 = networks("::ffff:0:0/96");
const GLOBAL_V6 = networks("2000::/3");
const SPECIAL_V6 = networks(
  "2001::/23", // protocol assignments, Teredo
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4, which carries any IPv4 address
  "3fff::/20", // documentation
);
/** RFC 6052: the IPv4 address in the last 32 bits, as networks without IPv4 see it. */
const NAT64 = networks("64:ff9b::/96");
const MAPPED_V4 = 0xffffn << 32n;
const LAST_32 = 0xffffffffn;

/** Whether the address is one that anybody on the internet could be reached at. */
export function isPublicAddress(address: IpAddress): boolean {
  if (isIn(NAT64, address)) return isPublicAddress(MAPPED_V4 | address & LAST_32);
  if (isIn(V4, address)) return !isIn(SPECIAL_V4, address);
  return isIn(GLOBAL_V6, address) && !isIn(SPECIAL_V6, address);
}

function isIn(list: readonly IpNetwork[], address: IpAddress): boolean {
  return list.some((network) => contains(network, address));
}

function networks(...texts: readonly string[]): readonly IpNetwork[] {
  return texts.map((text) => {
    const network = parseNetwork(text);
    if (network === undefined) throw new TypeError(`"${text}" is no network`);
    return network;
  });
}
