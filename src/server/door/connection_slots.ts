import { type IpAddress, parseIp } from "../../lib/ip_address.ts";

export interface ConnectionCaps {
  /** Connections that may be open at once. */
  readonly maxConnections: number;
  /** As many of them may come from one address. */
  readonly maxConnectionsPerAddress: number;
}

/** Whoever has one address of IPv6 has all that begin with the same 64 bits (RFC 6177). */
const V6_SOURCE_BITS = 64n;
const IS_V4 = 0xffffn;

/** Who has how many connections. This machine itself may have as many as there are. */
export class ConnectionSlots {
  readonly #caps: ConnectionCaps;
  readonly #bySource = new Map<IpAddress | string, number>();
  #open = 0;

  constructor(caps: ConnectionCaps) {
    this.#caps = caps;
  }

  get open(): number {
    return this.#open;
  }

  /** One connection more; the returned function gives its place back. undefined if there is no place. */
  take(address: string): (() => void) | undefined {
    const source = sourceOf(address);
    const count = source === undefined ? 0 : this.#bySource.get(source) ?? 0;
    if (this.#open >= this.#caps.maxConnections || count >= this.#caps.maxConnectionsPerAddress) return undefined;
    this.#open++;
    if (source !== undefined) this.#bySource.set(source, count + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#open--;
      if (source !== undefined) this.#giveBack(source);
    };
  }

  #giveBack(source: IpAddress | string): void {
    const left = (this.#bySource.get(source) ?? 1) - 1;
    if (left > 0) this.#bySource.set(source, left);
    else this.#bySource.delete(source);
  }
}

/** What counts as one address; undefined for this machine. */
function sourceOf(address: string): IpAddress | string | undefined {
  const ip = parseIp(address.replace(/%.*$/, ""));
  if (ip === undefined) return address;
  const isV4 = ip >> 32n === IS_V4;
  if (isV4 ? (ip >> 24n & 0xffn) === 127n : ip === 1n) return undefined;
  return isV4 ? ip : ip >> V6_SOURCE_BITS;
}
