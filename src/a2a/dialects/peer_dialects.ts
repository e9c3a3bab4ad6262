import { a2aV03Peer } from "./a2a_v0_3_peer.ts";
import { a2aV1Peer } from "./a2a_v1_peer.ts";
import type { Binding } from "./dialect.ts";
import type { PeerDialect, PeerDialectName } from "./peer_dialect.ts";

/** The dialects that a client speaks. */
export const PEER_DIALECTS: Readonly<Record<PeerDialectName, Readonly<Record<Binding, PeerDialect>>>> = {
  a2a_v1: { jsonrpc: a2aV1Peer("jsonrpc"), rest: a2aV1Peer("rest") },
  a2a_v0_3: { jsonrpc: a2aV03Peer("jsonrpc"), rest: a2aV03Peer("rest") },
};
