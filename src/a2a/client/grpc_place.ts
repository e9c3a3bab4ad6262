import type { PeerAddress } from "../../lib/http2/open_bytes.ts";
import { A2AError } from "../errors.ts";

/** Where a gRPC interface is, and how it is spoken to. */
export interface GrpcPlace {
  readonly address: PeerAddress;
  readonly tls: boolean;
  /** The same place as other clients would name it. */
  readonly url: URL;
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\/\/?/i;
const TLS: ReadonlyMap<string, boolean> = new Map([
  ["https", true],
  ["grpcs", true],
  ["http", false],
  ["grpc", false],
]);

/**
 * The place of a card's URL. Cards say `host:port` without a scheme (A2A v1 §8.3), or gRPC's own `dns:///host:port`: then
 * TLS is spoken where the card itself came over TLS, and on 443. Throws A2AError INVALID_AGENT_RESPONSE.
 */
export function grpcPlace(text: string, cardIsSecure: boolean): GrpcPlace {
  const [prefix = "", scheme = ""] = SCHEME.exec(text) ?? [];
  const parsed = URL.parse(`http://${text.slice(prefix.length)}`);
  if (parsed === null || parsed.hostname === "") {
    throw new A2AError("INVALID_AGENT_RESPONSE", `Cannot speak gRPC with ${JSON.stringify(text)}: it is no address`);
  }
  const named = parsed.port === "" && !/:80(\/|$)/.test(text) ? undefined : Number(parsed.port || 80);
  const tls = TLS.get(scheme.toLowerCase()) ?? (cardIsSecure || named === undefined || named === 443);
  const port = named ?? (tls ? 443 : 80);
  // `URL` keeps the brackets of an IPv6 address, which no socket wants.
  const hostname = parsed.hostname.replace(/^\[|\]$/g, "");
  return { address: { hostname, port }, tls, url: new URL(`${tls ? "https" : "http"}://${parsed.hostname}:${port}`) };
}
