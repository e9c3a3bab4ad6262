import { contains, type IpAddress, type IpNetwork, parseIp, parseNetwork } from "./ip_address.ts";
import { isPublicAddress } from "./public_address.ts";

/** We do not go there. The message is for whoever named the URL: it says which rule, never what stands behind a name. */
export class EgressRefused extends Error {
  override readonly name = "EgressRefused";
}

/** A host to which more is allowed than to the public: `hooks.internal`, `*.corp.example`, `10.1.2.3`, `10.0.0.0/8`. */
export function isAllowEntry(text: string): boolean {
  return parseNetwork(text) !== undefined || HOST_PATTERN.test(text) && parseIp(asHost(text)) === undefined;
}

const HOST_PATTERN = /^(\*\.)?[a-z\d_]([a-z\d_-]*[a-z\d_])?(\.[a-z\d_]([a-z\d_-]*[a-z\d_])?)*\.?$/i;

/** `127.1` and the like are addresses to a URL, so they would be no names. */
function asHost(host: string): string {
  return URL.parse(`http://${host.replace(/^\*\./, "")}/`)?.hostname ?? "";
}

/**
 * Where outbound requests may go: over https to public addresses, and over http too to what the operator lists, wherever
 * that is.
 */
export class EgressRules {
  readonly #networks: readonly IpNetwork[];
  readonly #names: ReadonlySet<string>;
  readonly #suffixes: readonly string[];

  /** Entries as `isAllowEntry` knows them. */
  constructor(allow: readonly string[]) {
    const networks = allow.map(parseNetwork);
    const hosts = allow.filter((_, at) => networks[at] === undefined).map(normalName);
    this.#networks = networks.filter((network) => network !== undefined);
    this.#names = new Set(hosts.filter((host) => !host.startsWith("*.")));
    this.#suffixes = hosts.filter((host) => host.startsWith("*.")).map((host) => host.slice(1));
  }

  /** What can be said of a URL before its name is resolved. Throws EgressRefused. */
  checkUrl(text: string): URL {
    const url = URL.parse(text);
    if (url === null) throw new EgressRefused("is not a URL");
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      throw new EgressRefused(`has the scheme ${url.protocol.slice(0, -1)}, expected https`);
    }
    if (url.username !== "" || url.password !== "") throw new EgressRefused("carries a user name or a password");
    const address = literalAddress(url);
    if (address !== undefined) this.#check(url, [address]);
    else if (isLocalName(url.hostname)) this.#check(url, LOOPBACK);
    else if (url.protocol === "http:" && !this.#isNamed(url.hostname) && this.#networks.length === 0) throw plainHttp();
    return url;
  }

  /** Whether the URL may be fetched from all these addresses, which its name stands for. Throws EgressRefused. */
  checkAddresses(url: URL, addresses: readonly string[]): void {
    const parsed = addresses.map(parseIp);
    if (parsed.length === 0 || parsed.includes(undefined)) throw notPublic();
    this.#check(url, parsed.filter((address) => address !== undefined));
  }

  #check(url: URL, addresses: readonly IpAddress[]): void {
    if (this.#isNamed(url.hostname)) return;
    const unlisted = addresses.filter((address) => !this.#networks.some((network) => contains(network, address)));
    // One private address among public ones is how DNS rebinding begins.
    if (!unlisted.every(isPublicAddress)) throw notPublic();
    if (unlisted.length > 0 && url.protocol === "http:") throw plainHttp();
  }

  /** Whether the operator has listed the host by its name: then it is trusted with its addresses. */
  #isNamed(hostname: string): boolean {
    const name = normalName(hostname);
    return this.#names.has(name) || this.#suffixes.some((suffix) => name.endsWith(suffix));
  }
}

const LOOPBACK = ["127.0.0.1", "::1"].flatMap((text) => parseIp(text) ?? []);

/** The address in a URL that names one. */
export function literalAddress({ hostname }: URL): IpAddress | undefined {
  return parseIp(hostname.startsWith("[") ? hostname.slice(1, -1) : hostname);
}

/** RFC 6761 §6.3: these names are loopback, whatever a resolver says. */
function isLocalName(hostname: string): boolean {
  return /(^|\.)localhost$/.test(normalName(hostname));
}

function normalName(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

function notPublic(): EgressRefused {
  return new EgressRefused("leads to an address that is not public");
}

function plainHttp(): EgressRefused {
  return new EgressRefused("has the scheme http, expected https");
}
