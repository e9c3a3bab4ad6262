import type { Metadata } from "../lib/grpc/grpc_metadata.ts";
import type { Showing } from "../guard/read_credential.ts";

/** The subprotocol by which a browser, which cannot set a socket's headers, hands over a token: `bearer, <token>`. */
const BEARER = "bearer";

/** What an HTTP request shows of its sender. */
export function showingOf({ headers, url }: Request): Showing {
  const isSocket = headers.get("upgrade")?.toLowerCase() === "websocket";
  return {
    header: (name) => headers.get(name),
    query: url.includes("?") ? new URL(url).searchParams : undefined,
    socketToken: isSocket ? socketToken(headers)?.token : undefined,
  };
}

/** What a call of gRPC shows of its sender. */
export function showingIn(metadata: Metadata): Showing {
  return { header: (name) => metadata.get(name) };
}

/** The token among the subprotocols that a socket offers, and the one of them to choose, or browsers close the socket. */
export function socketToken(headers: Headers): { readonly token?: string; readonly protocol: string } | undefined {
  const offered = (headers.get("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
  const at = offered.findIndex((name) => name.toLowerCase() === BEARER);
  const [protocol, token = ""] = at < 0 ? [] : offered.slice(at);
  if (protocol === undefined) return undefined;
  return token === "" ? { protocol } : { protocol, token };
}
